"""What became of an import: how far it is, rows by their fate, reasons."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum

from voronka.kernel.actor import ActorKind
from voronka.kernel.models import Event
from voronka.staff.models import Person

from .models import Import, Row

RECENT = 50


@dataclass(frozen=True, kw_only=True)
class Sums:
    """What the rows are about: new clients, clients known before, deals and their sum."""

    made: int
    known: int
    deals: int
    amount: object


def imports_of(person: Person) -> list[Import]:
    """Own ones; of everybody for whoever sees all. The latest first."""
    found = Import.objects.select_related("person")
    return list((found if person.role.sees == "all" else found.filter(person=person))[:RECENT])


def titles_of(events: Iterable[Event]) -> dict[str, str]:
    """`why` of events that imports have left → what was brought in. No query without such events."""
    whys = {event.why for event in events if event.by_kind == ActorKind.IMPORT}
    ids = [int(why.partition(":")[2]) for why in whys]
    return {one.why: one.title for one in Import.objects.filter(pk__in=ids).only("title")} if ids else {}


def tally(one: Import) -> Counter[str]:
    """Rows by their state."""
    return Counter(dict(one.rows.order_by().values_list("state").annotate(Count("id"))))


def reasons(one: Import, state: str, *, most: int = 6) -> list[tuple[str, int]]:
    """Why rows stand so: (reason, how many), the most frequent first."""
    found = one.rows.filter(state=state).order_by().values_list("reason").annotate(count=Count("id"))
    return list(found.order_by("-count")[:most])


def rows(one: Import, *, state: str = "", reason: str = "", after: int = 0) -> QuerySet[Row]:
    found = one.rows.filter(number__gt=after).order_by("number")
    if state:
        found = found.filter(state=state)
    return found.filter(reason=reason) if reason else found


def sums(one: Import) -> Sums:
    good = one.rows.filter(state__in=[Row.State.MADE, Row.State.UPDATED, Row.State.JOINED, Row.State.SKIPPED])
    made = Q(state=Row.State.MADE)
    with_deal = Q(amount__isnull=False)
    found = good.aggregate(
        made=Count("id", filter=made),
        known=Count("id", filter=~made),
        deals=Count("id", filter=with_deal),
        sum=Sum("amount"),
    )
    return Sums(made=found["made"], known=found["known"], deals=found["deals"], amount=found["sum"])


def bad_rows(one: Import) -> Iterator[Sequence[str]]:
    """Rows that were refused, as they stand in the file, each with its reason."""
    width = len(one.heads)
    for cells, reason in (
        one.rows.filter(state=Row.State.REFUSED).order_by("number").values_list("cells", "reason").iterator(2000)
    ):
        yield [*(cells or [])[:width], *[""] * (width - len(cells or [])), reason]


#: The heading of the column that a mended file may still have; it becomes nothing.
REASON = "Почему не загружено"
