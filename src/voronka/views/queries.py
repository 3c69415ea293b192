"""Which views a person has."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q

from voronka.kernel.actor import Actor
from voronka.staff.models import Person

from .models import Pin, SavedView


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A view as a person has it."""

    view: SavedView
    pinned: bool
    may_change: bool


def views_of(person: Person, place: str) -> Sequence[Shown]:
    """Own views and shared ones in the person's order, pinned first. Two queries."""
    own = Prefetch("pins", Pin.objects.filter(person=person), to_attr="own_pins")
    rows = SavedView.objects.filter(Q(owner=person) | Q(is_shared=True), place=place, removed_at=None)
    found = []
    for view in rows.prefetch_related(own):
        pin = view.own_pins[0] if view.own_pins else None
        shown = Shown(view=view, pinned=pin.is_pinned if pin else True, may_change=may_change(person.actor, view))
        found.append(((not shown.pinned, pin.position if pin else view.position, view.pk), shown))
    return [shown for _order, shown in sorted(found, key=lambda one: one[0])]


def view_for(person: Person, number: int, *, removed: bool = False) -> SavedView | None:
    """A view that this person has, by its number."""
    rows = SavedView.objects.filter(Q(owner=person) | Q(is_shared=True), pk=number, removed_at__isnull=not removed)
    return rows.first()


def may_change(by: Actor, view: SavedView) -> bool:
    """One's own while it is personal; shared ones by right."""
    if view.is_shared:
        return by.may("share_views")
    return view.owner_id == by.person_id
