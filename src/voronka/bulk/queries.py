"""What became of an act: how far it is, what stayed and why."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from voronka.staff.models import Person

from .models import Act, Row

RECENT = 50


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Deals by what became of them."""

    total: int
    waiting: int = 0
    done: int = 0
    same: int = 0
    refused: int = 0
    undone: int = 0
    kept: int = 0

    @property
    def percent(self) -> int:
        return round(100 * (self.total - self.waiting) / self.total) if self.total else 100

    @property
    def undo_percent(self) -> int:
        changed = self.done + self.undone + self.kept
        return round(100 * (self.undone + self.kept) / changed) if changed else 100


def acts_of(person: Person) -> list[Act]:
    """Own acts, the latest first."""
    return list(Act.objects.filter(person=person).order_by("-id")[:RECENT])


def progress(act: Act) -> Progress:
    counts = dict(act.rows.order_by().values_list("state").annotate(Count("id")))
    return Progress(total=act.total, **counts)


def reasons(act: Act, state: str) -> list[tuple[str, int]]:
    """Why rows stand so: (reason, how many), the most frequent first."""
    found = act.rows.filter(state=state).order_by().values_list("reason").annotate(count=Count("id"))
    return sorted(found, key=lambda pair: -pair[1])


def rows(act: Act, state: str, reason: str = "") -> QuerySet[Row]:
    """Rows of a state, of one reason when it is told, in order of their deals."""
    found = act.rows.filter(state=state).order_by("deal_id")
    return found.filter(reason=reason) if reason else found
