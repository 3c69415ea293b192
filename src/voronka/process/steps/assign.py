from typing import Literal

from django.utils.translation import gettext as _

from voronka.deals.actions import assign_deal
from voronka.kernel.errors import Refusal
from voronka.staff.models import Person

from ..outline import Outline
from . import _people
from ._base import BaseStep, Work


class Assign(BaseStep):
    """Hand the deal to one person: of a role (at its location, for a role that sees a location; on shift first), of
    those on shift, one by name, or whoever led the client last.

    `choose`: which of several, the first, in turn or with the fewest open deals. `keep_reading`: whoever had it keeps
    reading it. `otherwise`: who gets it when nobody is found.
    """

    do: Literal["assign"]
    to: Literal["client_manager"] | _people.OfRole | _people.OnShift | _people.Named
    choose: _people.Choose = "first"
    otherwise: _people.OfRole | _people.OnShift | _people.Named | None = None
    keep_reading: bool = False
    changes_deal = True

    def run(self, work: Work) -> None:
        deal = work.of_deal
        found = self._found(self.to, work) or (self._found(self.otherwise, work) if self.otherwise else [])
        if not found:
            who = _people.words(self.to, work.outline)
            raise Refusal(_("There is nobody for this deal: {who}.").format(who=who))
        if deal.responsible_id in {person.pk for person in found}:
            return  # a deal that comes back stays with them
        person = _people.pick(found, self.choose, work)
        assign_deal(deal.pk, by=work.by, to=person, keep_reading=self.keep_reading)

    def sentence(self, outline: Outline) -> str:
        text = _("hand the deal to: {role}").format(role=_people.words(self.to, outline))
        if self.choose == "in_turn":
            text = _("{text}, in turn").format(text=text)
        elif self.choose == "least_load":
            text = _("{text}, to whoever has the fewest open deals").format(text=text)
        return _("{text}; who had it keeps reading").format(text=text) if self.keep_reading else text

    def _found(self, whom: _people.Somebody, work: Work) -> list[Person]:
        found = _people.find(whom, work)
        if not isinstance(whom, _people.OfRole):
            return found
        first = _people.present_first(found, whom.role)
        if self.choose == "first":
            return first
        present = {person.pk for person in _people.on_shift(roles=[whom.role])}
        return [person for person in first if person.pk in present] or first
