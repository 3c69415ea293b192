from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from django.utils.translation import gettext as _

from voronka.deals.actions import draft_messages
from voronka.deals.actions.draft_messages import Reach, draft_refusal, reach_of
from voronka.deals.filling import Filling, filling, unknown
from voronka.deals.models import Deal
from voronka.kernel import actor
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors
from voronka.messages.drafts import check
from voronka.messages.ports import channels
from voronka.messages.queries import set_up

from ._base import Judgement, Kind


@dataclass(kw_only=True)
class DraftThem(Kind):
    """A draft of a message in every deal, `{Field}` filled from its card; a person sends each from there."""

    key: ClassVar[str] = "draft"
    channel: str
    text: str
    subject: str = ""
    reach: Reach = field(init=False)
    card: Filling = field(init=False)

    @classmethod
    def read(cls, arguments: Mapping[str, Any]) -> Self:
        given = {key: str(arguments.get(key, "")).strip() for key in ("channel", "subject", "text")}
        if given["channel"] not in set_up():
            raise FieldErrors({"channel": _("Choose from the list.")})
        check(text=given["text"], subject=given["subject"])
        for name in ("subject", "text"):
            if strange := unknown(given[name], by=actor.system("bulk")):
                raise FieldErrors({name: _("No card has %(name)s.") % {"name": strange[0]}})
        return cls(**given)

    @property
    def arguments(self) -> dict[str, Any]:
        return {"channel": self.channel, "subject": self.subject, "text": self.text}

    @property
    def title(self) -> str:
        words = self.subject or self.text
        cut = words if len(words) <= 60 else f"{words[:59].rstrip()}…"
        return _("Draft, %(channel)s: %(text)s") % {"channel": channels()[self.channel].title, "text": cut}

    def meet(self, deals: Sequence[Deal], by: Actor) -> None:
        self.reach, self.card = reach_of(deals, self.channel), filling(by)

    def judge(self, deal: Deal, by: Actor) -> Judgement:
        if no := draft_refusal(deal, by=by, reach=self.reach):
            return Judgement(refusal=no.reason)
        return Judgement(to=self.reach.ways[deal.pk].address, new=self.card.fill(self.text, deal))

    def run(self, deal_ids: Sequence[int], by: Actor) -> dict[int, str]:
        fill = filling(by).fill
        refused = draft_messages(deal_ids, by=by, channel=self.channel, subject=self.subject, text=self.text, fill=fill)
        return {pk: no.reason for pk, no in refused.items()}
