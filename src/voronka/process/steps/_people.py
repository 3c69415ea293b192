"""Whom a step means: the responsible, nobody yet, or people of a role."""

from typing import Literal

from django.utils.translation import gettext as _

from voronka.deals.models import Deal
from voronka.staff.models import Person
from voronka.staff.queries import on_shift, people

from ..outline import Outline
from ..values import ROLE, Part, RoleRef


class OfRole(Part):
    """All people of the role who work with the deal's brand, or its location for a role that sees a location."""

    role: RoleRef

    def find(self, deal: Deal) -> list[Person]:
        return [person for person in people().filter(role__key=self.role).order_by("pk") if _works_with(person, deal)]

    def words(self, outline: Outline) -> str:
        return outline.title(ROLE, self.role)


class OnShift(Part):
    """Those of the role who are on shift now; people without shifts count as on."""

    on_shift: RoleRef

    def find(self, deal: Deal) -> list[Person]:
        return [person for person in on_shift(roles=[self.on_shift]) if _works_with(person, deal)]

    def words(self, outline: Outline) -> str:
        return _("everybody on shift ({role})").format(role=outline.title(ROLE, self.on_shift))


Somebody = Literal["responsible"] | OfRole | OnShift


def find(whom: Somebody, deal: Deal) -> list[Person]:
    if isinstance(whom, str):
        return [deal.responsible] if deal.responsible and deal.responsible.is_active else []
    return whom.find(deal)


def words(whom: Somebody | Literal["nobody"], outline: Outline) -> str:
    if whom == "nobody":
        return _("whoever takes it")
    if isinstance(whom, str):
        return _("the responsible")
    return whom.words(outline)


def one_of_role(role: str, deal: Deal) -> Person | None:
    """One person of the role for this deal: on shift before off, then the longest here."""
    everybody = [person for person in people().filter(role__key=role).order_by("pk") if _works_with(person, deal)]
    present = {person.pk for person in on_shift(roles=[role])}
    return next((person for person in everybody if person.pk in present), everybody[0] if everybody else None)


def _works_with(person: Person, deal: Deal) -> bool:
    """Of the deal's brand or of no brand at all; of its location when the role is bound to locations."""
    if person.role.sees == "location":
        return deal.location_id in {location.pk for location in person.locations.all()}
    brands = {brand.pk for brand in person.brands.all()}
    return not brands or deal.brand_id is None or deal.brand_id in brands
