from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self

from django.utils import timezone
from django.utils.translation import gettext as _

from voronka.deals.access import change_refusal
from voronka.deals.actions import Step, plan_step
from voronka.deals.models import Deal
from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors
from voronka.tasks.models import TaskKind

from ._base import Judgement, Kind, each


@dataclass(frozen=True, kw_only=True)
class Plan(Kind):
    """The same task in every deal, for whoever leads it."""

    key: ClassVar[str] = "plan"
    kind: TaskKind
    text: str
    due_at: datetime

    @classmethod
    def read(cls, arguments: Mapping[str, Any]) -> Self:
        errors = {}
        kind = TaskKind.objects.filter(key=str(arguments.get("task_kind", ""))).first()
        if kind is None:
            errors["task_kind"] = _("Choose from the list.")
        text = str(arguments.get("text", "")).strip()
        if len(text) > 500:
            errors["text"] = _("At most 500 characters.")
        due_at = _moment(str(arguments.get("due_at", "")))
        if due_at is None:
            errors["due_at"] = _("Write a date and time.")
        elif due_at < clock.now() and not arguments.get("accepted"):
            errors["due_at"] = _("This time has passed.")
        if errors or kind is None or due_at is None:
            raise FieldErrors(errors)
        return cls(kind=kind, text=text or kind.title, due_at=due_at)

    @property
    def arguments(self) -> dict[str, Any]:
        return {"task_kind": self.kind.key, "text": self.text, "due_at": self.due_at.isoformat(), "accepted": True}

    @property
    def title(self) -> str:
        return _("Task: %(text)s") % {"text": self.text}

    def judge(self, deal: Deal, by: Actor) -> Judgement:
        if no := change_refusal(by, deal):
            return Judgement(refusal=no.reason)
        if deal.closed_at:
            return Judgement(refusal=_("The deal is closed."))
        return Judgement(new=self.text)

    def run(self, deal_ids: Sequence[int], by: Actor) -> dict[int, str]:
        closed = dict.fromkeys(
            Deal.objects.filter(pk__in=deal_ids, closed_at__isnull=False).values_list("pk", flat=True),
            _("The deal is closed."),
        )
        step = Step(kind=self.kind, title=self.text, due_at=self.due_at)
        return closed | each([pk for pk in deal_ids if pk not in closed], lambda pk: plan_step(pk, by=by, step=step))


def _moment(text: str) -> datetime | None:
    """As a form writes it, in the person's zone; with a zone as the act keeps it."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.get_current_timezone())
