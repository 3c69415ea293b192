"""Reads of notices: always one's own."""

from datetime import datetime

from django.db.models import Q, QuerySet

from voronka.staff.models import Person

from .models import Notice

PAGE = 30


def of(person: Person) -> QuerySet[Notice]:
    """A person's notices, newest first."""
    return Notice.objects.filter(person=person).order_by("-created_at", "-id")


def unread_count(person: Person) -> int:
    return Notice.objects.filter(person=person, read_at=None).count()


def page(person: Person, *, before: tuple[datetime, int] | None = None, size: int = PAGE) -> tuple[list[Notice], bool]:
    """One page older than `before` (moment, id) and whether more follow."""
    found = of(person)
    if before:
        moment, number = before
        found = found.filter(Q(created_at__lt=moment) | Q(created_at=moment, id__lt=number))
    rows = list(found[: size + 1])
    return rows[:size], len(rows) > size
