from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Self

from django.utils.translation import gettext as _

from voronka.deals.access import change_refusal
from voronka.deals.actions import move_or_ask
from voronka.deals.actions.move_deal import verdict
from voronka.deals.models import Deal, LossReason, Stage
from voronka.deals.wip import Room
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors

from ._base import Judgement, Kind, each, missing_words, titles_of_fields


@dataclass(kw_only=True)
class Move(Kind):
    """Another stage of the same funnel, through every guard. A lost one takes a reason for all."""

    key: ClassVar[str] = "move"
    to: Stage
    reason: LossReason | None = None
    comment: str = ""

    @classmethod
    def read(cls, arguments: Mapping[str, Any]) -> Self:
        chosen = str(arguments.get("stage", ""))
        stages = Stage.objects.filter(is_active=True).select_related("funnel")
        to = stages.filter(pk=chosen).first() if chosen.isdecimal() and len(chosen) < 19 else None
        if to is None:
            raise FieldErrors({"stage": _("Choose from the list.")})
        key = str(arguments.get("loss_reason", ""))
        reasons = LossReason.objects.filter(funnel=to.funnel_id, is_active=True)
        reason = reasons.filter(key=key).first() if to.meaning == Stage.Meaning.LOST else None
        if to.meaning == Stage.Meaning.LOST and reason is None:
            raise FieldErrors({"loss_reason": _("Choose from the list.")})
        return cls(to=to, reason=reason, comment=str(arguments.get("loss_comment", "")).strip()[:1000])

    @property
    def arguments(self) -> dict[str, Any]:
        key = self.reason.key if self.reason else ""
        return {"stage": self.to.pk, "loss_reason": key, "loss_comment": self.comment}

    @property
    def title(self) -> str:
        return _("Move to «%(stage)s»") % {"stage": self.to.title}

    @cached_property
    def stages(self) -> list[Stage]:
        return list(self.to.funnel.stages.filter(is_active=True))

    @cached_property
    def room(self) -> Room:
        return Room([self.to])

    @cached_property
    def titles(self) -> dict[str, str]:
        return titles_of_fields()

    def judge(self, deal: Deal, by: Actor) -> Judgement:
        if no := change_refusal(by, deal):
            return Judgement(refusal=no.reason)
        if deal.funnel_id != self.to.funnel_id:
            return Judgement(refusal=_("This stage belongs to another funnel."))
        if deal.stage_id == self.to.pk:
            return Judgement(same=True)
        said = verdict(
            deal,
            self.to,
            stages=self.stages,
            by=by,
            load=self.room.load,
            loss_reason=self.reason,
            loss_comment=self.comment,
        )
        if said.rule == "approval":
            return Judgement(old=deal.stage.title, new=_("«%(stage)s», after a yes") % {"stage": self.to.title})
        if said.refusal or said.missing:
            return Judgement(refusal=said.refusal or missing_words(said.missing, self.titles))
        self.room.let_in(self.to, hands=deal.responsible_id or by.person_id)
        return Judgement(old=deal.stage.title, new=self.to.title, warning=said.warning)

    def run(self, deal_ids: Sequence[int], by: Actor) -> dict[int, str]:
        asked: set[int] = set()

        def move(pk: int) -> None:
            if move_or_ask(pk, by=by, to=self.to, loss_reason=self.reason, loss_comment=self.comment):
                asked.add(pk)

        refused = each(deal_ids, move)
        return refused | dict.fromkeys(asked, _("The head is asked for a yes: the deal moves with it."))
