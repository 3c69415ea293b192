"""People in filters: who «me», «my team» and «on shift» are, and the list to choose from."""

from functools import cache

from voronka.kernel import clock
from voronka.kernel.filters import Scope

from .models import Person, Role
from .queries import company_zone, on_shift


def scope_of(person: Person) -> Scope:
    """Where a person's filters look from. One query; groups are asked only when a filter names them."""
    return Scope(
        now=clock.now(),
        zone=company_zone(),
        who=person,
        people={
            "me": lambda: frozenset({person.pk}),
            "my-seat": cache(lambda: _ids(seat=person.seat_id)),
            "my-team": cache(lambda: _ids(team=person.team_id) if person.team_id else frozenset({person.pk})),
            "on-shift": cache(_on_shift),
        },
    )


def system_scope() -> Scope:
    """For rules and jobs: nobody's gate, no «me»."""
    return Scope(now=clock.now(), zone=company_zone(), people={"on-shift": cache(_on_shift)})


def person_options() -> list[tuple[object, str]]:
    return list(Person.objects.filter(is_active=True).order_by("name").values_list("pk", "name"))


def _ids(**of: object) -> frozenset[int]:
    return frozenset(Person.objects.filter(**of).values_list("pk", flat=True))


def _on_shift() -> frozenset[int]:
    return frozenset(person.pk for person in on_shift(roles=Role.objects.values_list("key", flat=True)))
