"""Whom a step means: the responsible, whoever led the client last, people of a role, those on shift, one by name."""

from collections.abc import Iterable, Sequence
from typing import Literal

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from voronka.deals.models import Deal
from voronka.kernel import clock
from voronka.staff.models import Person
from voronka.staff.queries import on_shift, people

from ..models import Pick
from ..outline import Outline
from ..values import ROLE, Part, RoleRef
from ._base import Work

#: How one of several is chosen.
Choose = Literal["first", "in_turn", "least_load"]


class OfRole(Part):
    """All people of the role who work with the deal's brand, or its location for a role that sees a location."""

    role: RoleRef

    def find(self, work: Work) -> list[Person]:
        return _of_brand(people().filter(role__key=self.role).order_by("pk"), work)

    def words(self, outline: Outline) -> str:
        return outline.title(ROLE, self.role)


class OnShift(Part):
    """Those of the role who are on shift now; people without shifts count as on."""

    on_shift: RoleRef

    def find(self, work: Work) -> list[Person]:
        return _of_brand(on_shift(roles=[self.on_shift]), work)

    def words(self, outline: Outline) -> str:
        return _("everybody on shift ({role})").format(role=outline.title(ROLE, self.on_shift))


class Named(Part):
    """One person, by the e-mail they sign in with."""

    person: str

    def find(self, work: Work) -> list[Person]:
        return list(people().filter(email__iexact=self.person))

    def words(self, outline: Outline) -> str:
        return self.person


Somebody = Literal["responsible", "client_manager"] | OfRole | OnShift | Named


def find(whom: Somebody, work: Work) -> list[Person]:
    if not isinstance(whom, str):
        return whom.find(work)
    person = work.deal.responsible if whom == "responsible" and work.deal else manager_of(work)
    return [person] if person and person.is_active else []


def words(whom: Somebody | Literal["nobody"], outline: Outline) -> str:
    if whom == "nobody":
        return _("whoever takes it")
    if whom == "client_manager":
        return _("whoever led the client last")
    return _("the responsible") if isinstance(whom, str) else whom.words(outline)


def manager_of(work: Work) -> Person | None:
    """Whoever led a deal of the client last, this one aside; else who is set on the client's card."""
    company = work.company
    if company is None:
        return None
    led = Deal.objects.filter(company=company, responsible__is_active=True).select_related("responsible__role")
    last = (led.exclude(pk=work.deal.pk) if work.deal else led).order_by("-id").first()
    return last.responsible if last else company.responsible


def present_first(found: Sequence[Person], role: str) -> list[Person]:
    """Those on shift before the others."""
    on = {person.pk for person in on_shift(roles=[role])}
    return sorted(found, key=lambda person: person.pk not in on)


def pick(found: Sequence[Person], how: Choose, work: Work) -> Person:
    """One of them: the first, whose turn it is, or who has the fewest open deals."""
    if how == "first" or len(found) == 1:
        return found[0]
    ids = [person.pk for person in found]
    if how == "in_turn":
        picked = dict(Pick.objects.filter(rule=work.rule, person__in=ids).values_list("person_id", "picked_at"))
        chosen = min(found, key=lambda person: (person.pk in picked, picked.get(person.pk), person.pk))
        Pick.objects.update_or_create(rule=work.rule, person=chosen, defaults={"picked_at": clock.now()})
        return chosen
    load = Person.objects.filter(pk__in=ids).annotate(load=Count("deals", filter=Q(deals__closed_at=None)))
    least = dict(load.values_list("pk", "load"))
    return min(found, key=lambda person: (least[person.pk], person.pk))


def _of_brand(found: Iterable[Person], work: Work) -> list[Person]:
    return [person for person in found if work.deal is None or _works_with(person, work.deal)]


def _works_with(person: Person, deal: Deal) -> bool:
    """Of the deal's brand or of no brand at all; of its location when the role is bound to locations."""
    if person.role.sees == "location":
        return deal.location_id in {location.pk for location in person.locations.all()}
    brands = {brand.pk for brand in person.brands.all()}
    return not brands or deal.brand_id is None or deal.brand_id in brands
