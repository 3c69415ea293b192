"""Reads of notices: always one's own."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from voronka.kernel import clock
from voronka.staff.models import Person, Shift

from . import kinds, rules
from .models import Choice, Hours, Notice

PAGE = 30
#: What nobody has read in this time is no longer worth a push or a letter.
FRESH = timedelta(days=1)


def of(person: Person) -> QuerySet[Notice]:
    """What a person's bell shows, newest first."""
    return Notice.objects.filter(person=person, on_page=True).order_by("-created_at", "-id")


def unread(person: Person) -> QuerySet[Notice]:
    return Notice.objects.filter(person=person, read_at=None, on_page=True)


def unread_count(person: Person) -> int:
    return unread(person).count()


def page(person: Person, *, before: tuple[datetime, int] | None = None, size: int = PAGE) -> tuple[list[Notice], bool]:
    """One page older than `before` (moment, id) and whether more follow."""
    found = of(person)
    if before:
        moment, number = before
        found = found.filter(Q(created_at__lt=moment) | Q(created_at=moment, id__lt=number))
    rows = list(found[: size + 1])
    return rows[:size], len(rows) > size


def still_unread(person: Person, numbers: list[int]) -> list[int]:
    """Which of these notices the person has not read yet."""
    return list(Notice.objects.filter(person=person, read_at=None, pk__in=numbers).values_list("pk", flat=True))


def wanted(person: Person, channel: str) -> list[Notice]:
    """Fresh unread notices of kinds the person wants by `channel` («push», «email»), oldest first."""
    found = Notice.objects.filter(person=person, read_at=None, created_at__gt=clock.now() - FRESH)
    chosen = choices_of(person)
    rows = found.order_by("created_at", "id")
    return [row for row in rows if getattr(chosen[kinds.key_of(row.kind)], channel)]


def claim(notices: list[Notice], mark: str) -> list[Notice]:
    """Set `mark` («pushed_at», «mailed_at») and return those that nobody else has. Runs in a transaction.

    What another transaction holds is left out: it repeats that notice and has queued a job of its own.
    """
    mine = Notice.objects.filter(pk__in=[notice.pk for notice in notices], **{mark: None})
    numbers = set(mine.select_for_update(skip_locked=True).values_list("pk", flat=True))
    Notice.objects.filter(pk__in=numbers).update(**{mark: clock.now()})
    return [notice for notice in notices if notice.pk in numbers]


def choices_of(person: Person) -> dict[str, Choice]:
    """Where the person wants each kind; what was never chosen stands as it is by default."""
    chosen = {choice.kind: choice for choice in Choice.objects.filter(person=person)}
    return {kind.key: chosen.get(kind.key) or Choice(person=person, kind=kind.key) for kind in kinds.KINDS}


def hours_of(person: Person) -> Hours:
    return Hours.objects.filter(person=person).first() or Hours(person=person)


def hours(person: Person) -> rules.Hours:
    """When the person may be disturbed, with shifts of today and later."""
    kept = hours_of(person)
    quiet = (kept.quiet_from, kept.quiet_till) if kept.quiet_from and kept.quiet_till else None
    return rules.Hours(
        zone=person.zone,
        quiet=quiet,
        urgent_anyway=kept.urgent_anyway,
        shifts=_shifts(person) if kept.on_shift_only else None,
    )


def _shifts(person: Person) -> list[rules.Span] | None:
    """None for a person who has never had a shift: they work at any time."""
    shifts = Shift.objects.filter(person=person)
    coming = shifts.filter(span__endswith__gt=clock.now()).order_by("span").values_list("span", flat=True)[:60]
    spans = [(span.lower, span.upper) for span in coming]
    return spans if spans or shifts.exists() else None
