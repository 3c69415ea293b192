"""How things are laid out: columns of hours for days and people, weeks of cells for a month."""

from dataclasses import dataclass, field
from datetime import date

from voronka.staff.models import Person

from .items import Item
from .lanes import lanes
from .place import Place

#: As many stand in a cell of a month; the rest is a link to the day.
IN_CELL = 4


@dataclass(kw_only=True)
class Column:
    """One day, or one person's day. `timed`: (thing, lane, lanes there)."""

    day: date
    person: Person | None = None
    whole: list[Item] = field(default_factory=list)
    timed: list[tuple[Item, int, int]] = field(default_factory=list)


def columns_of(place: Place, items: list[Item], team: list[Person]) -> list[Column]:
    if place.view == "team":
        return [_column(place.day, one, [item for item in items if item.person_id == one.pk]) for one in team]
    return [_column(day, None, [item for item in items if item.day == day]) for day in place.days]


def weeks_of(place: Place, items: list[Item]) -> list[list[tuple[date, list[Item], int]]]:
    """Weeks of (day, things shown, how many more)."""
    by_day: dict[date, list[Item]] = {}
    for item in items:
        by_day.setdefault(item.day, []).append(item)
    cells = []
    for day in place.days:
        found = by_day.get(day, [])
        shown = found if len(found) <= IN_CELL else found[: IN_CELL - 1]
        cells.append((day, shown, len(found) - len(shown)))
    return [cells[start : start + 7] for start in range(0, len(cells), 7)]


def _column(day: date, person: Person | None, items: list[Item]) -> Column:
    return Column(
        day=day,
        person=person,
        whole=[item for item in items if item.at is None],
        timed=lanes([(item.start, item.minutes, item) for item in items if item.at]),
    )
