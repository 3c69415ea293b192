"""Where a tile was dropped on a board with lanes: who leads the deal from now on, or at which location it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.utils.translation import gettext as _

from voronka.deals.access import change_refusal
from voronka.deals.actions.assign_deal import may_assign
from voronka.deals.models import Deal, Stage
from voronka.kernel.errors import Refusal
from voronka.staff.models import Location, Person


@dataclass(frozen=True, kw_only=True)
class Lane:
    """`to` is None in the lane of deals without a location."""

    kind: str
    to: Person | Location | None

    @classmethod
    def read(cls, form: Mapping[str, str]) -> Self | None:
        """As the form names it, if it does. Raises Refusal."""
        kind, key = form.get("lanes", ""), form.get("lane", "")
        if kind not in ("responsible", "location"):
            return None
        number = int(key) if key.isascii() and key.isdecimal() and len(key) < 19 else 0
        if kind == "location":
            found = Location.objects.filter(pk=number).first()
            if found is None and key != "none":
                raise Refusal(_("This location is no more."))
            return cls(kind=kind, to=found)
        person = Person.objects.filter(pk=number, is_active=True).select_related("role").first()
        if person is None:
            raise Refusal(_("A deal that somebody leads does not become nobody's again."), rule="unsorted")
        return cls(kind=kind, to=person)

    @property
    def arguments(self) -> dict[str, Any]:
        """For `place_deal`."""
        return {"leads": self.to} if self.kind == "responsible" else {"location": str(self.to.pk) if self.to else ""}

    def sentence(self, deal: Deal, stage: Stage) -> str:
        name = self.to.name if self.to else _("without a location")
        if stage.pk == deal.stage_id:
            return _("№%(number)s: %(lane)s") % {"number": deal.pk, "lane": name}
        return _("№%(number)s: %(lane)s, “%(stage)s”") % {"number": deal.pk, "lane": name, "stage": stage.title}


def lane_locked(deal: Deal, person: Person) -> str:
    """Why this person cannot hand the deal to another lane of people; «» when it can be."""
    if no := change_refusal(person.actor, deal):
        return no.reason
    return "" if may_assign(deal, by=person.actor) else _("Your role may not hand over other people's deals.")
