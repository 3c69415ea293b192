from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from django.utils.translation import gettext as _

from voronka.deals.actions import assign_deals
from voronka.deals.actions.assign_deal import Entry, assign_refusal
from voronka.deals.models import Deal
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors
from voronka.staff.models import Person

from ._base import Judgement, Kind


@dataclass(kw_only=True)
class Assign(Kind):
    """Another responsible; open tasks go along. `keep_reading`: who had it reads on."""

    key: ClassVar[str] = "assign"
    to: Person
    keep_reading: bool = False
    entry: Entry | None = field(default=None, init=False)

    @classmethod
    def read(cls, arguments: Mapping[str, Any]) -> Self:
        chosen = str(arguments.get("person", ""))
        people = Person.objects.filter(is_active=True).select_related("role")
        to = people.filter(pk=chosen).first() if chosen.isdecimal() and len(chosen) < 19 else None
        if to is None:
            raise FieldErrors({"person": _("Choose from the list.")})
        return cls(to=to, keep_reading=bool(arguments.get("keep_reading")))

    @property
    def arguments(self) -> dict[str, Any]:
        return {"person": self.to.pk, "keep_reading": self.keep_reading}

    @property
    def title(self) -> str:
        return _("Hand over: %(name)s") % {"name": self.to.name}

    def meet(self, deals: Sequence[Deal], by: Actor) -> None:
        self.entry = (self.entry or Entry(by=by)).expect(deals)

    def judge(self, deal: Deal, by: Actor) -> Judgement:
        assert self.entry is not None
        if no := assign_refusal(deal, by=by, to=self.to, entry=self.entry):
            return Judgement(refusal=no.reason)
        old = deal.responsible.name if deal.responsible else _("nobody")
        return Judgement(old=old, new=self.to.name, same=deal.responsible_id == self.to.pk)

    def run(self, deal_ids: Sequence[int], by: Actor) -> dict[int, str]:
        refused = assign_deals(deal_ids, by=by, to=self.to, keep_reading=self.keep_reading)
        return {pk: no.reason for pk, no in refused.items()}
