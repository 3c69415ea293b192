"""People in filters: who «me», «my team» and «on shift» are, and the list to choose from."""

from collections.abc import Callable
from functools import cache

from voronka.kernel import clock
from voronka.kernel.filters import Scope

from .models import Person, Role
from .queries import company_zone, everybody, names, on_shift


def scope_of(person: Person) -> Scope:
    """Where a person's filters look from. Groups are asked only when a filter names them."""
    return Scope(
        now=clock.now(),
        zone=company_zone(),
        who=person,
        people={
            "me": lambda: frozenset({person.pk}),
            "my-seat": lambda: _ids(lambda one: one.seat_id == person.seat_id),
            "my-team": lambda: _ids(lambda one: one == person or person.team_id in (one.team_id or 0,)),
            "on-shift": cache(_on_shift),
        },
    )


def system_scope() -> Scope:
    """For rules and jobs: nobody's gate, no «me»."""
    return Scope(now=clock.now(), zone=company_zone(), people={"on-shift": cache(_on_shift)})


def person_options() -> list[tuple[object, str]]:
    return list(names())


def _ids(of: Callable[[Person], bool]) -> frozenset[int]:
    return frozenset(pk for pk, person in everybody().items() if of(person))


def _on_shift() -> frozenset[int]:
    return frozenset(person.pk for person in on_shift(roles=Role.objects.values_list("key", flat=True)))
