from typing import Literal

from django.utils.translation import gettext as _

from voronka.deals.actions import assign_deal
from voronka.kernel.errors import Refusal

from ..outline import Outline
from ..values import ROLE
from . import _people
from ._base import BaseStep, Work


class Assign(BaseStep):
    """Hand the deal to one person of the role: at its location, for a role that sees a location; on shift first.

    `keep_reading`: whoever had it keeps reading it (PR-11).
    """

    do: Literal["assign"]
    to: _people.OfRole
    keep_reading: bool = False
    changes_deal = True

    def run(self, work: Work) -> None:
        deal = work.deal
        if deal.responsible and deal.responsible.role.key == self.to.role and self._fits(work):
            return
        person = _people.one_of_role(self.to.role, deal)
        if person is None:
            raise Refusal(_("There is nobody of the role «{role}» for this deal.").format(role=self._title(work)))
        assign_deal(deal.pk, by=work.by, to=person, keep_reading=self.keep_reading)

    def sentence(self, outline: Outline) -> str:
        text = _("hand the deal to: {role}").format(role=outline.title(ROLE, self.to.role))
        return _("{text}; who had it keeps reading").format(text=text) if self.keep_reading else text

    def _fits(self, work: Work) -> bool:
        """The one who has it already is such a person: a deal that comes back stays with them."""
        return work.deal.responsible_id in {person.pk for person in self.to.find(work.deal)}

    def _title(self, work: Work) -> str:
        return work.outline.title(ROLE, self.to.role)
