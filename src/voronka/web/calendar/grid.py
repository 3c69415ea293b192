"""How things are laid out: columns of hours for days and people, weeks of cells for a month."""

from dataclasses import dataclass, field
from datetime import date

from voronka.staff.models import Person

from .items import Item
from .lanes import LIST, SHORTEST, lanes
from .place import Place

#: As many stand in a cell of a month; the rest is a link to the day.
IN_CELL = 4


#: So many things side by side can be read, by the width of a column.
SIDE_BY_SIDE = {"day": 7, "week": 2, "team": 2}


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """Things that found no place side by side: a list in the last of the lanes, from `start` minutes on."""

    things: list[Item]
    start: int
    minutes: int
    lane: int
    lanes: float


@dataclass(kw_only=True)
class Column:
    """One day, or one person's day. `timed`: (thing, lane, lanes there)."""

    day: date
    person: Person | None = None
    whole: list[Item] = field(default_factory=list)
    timed: list[tuple[Item, int, float]] = field(default_factory=list)
    crowds: list[Crowd] = field(default_factory=list)


def columns_of(place: Place, items: list[Item], team: list[Person]) -> list[Column]:
    most = SIDE_BY_SIDE[place.view]
    if place.view == "team":
        return [_column(place.day, one, [item for item in items if item.person_id == one.pk], most) for one in team]
    return [_column(day, None, [item for item in items if item.day == day], most) for day in place.days]


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


def _column(day: date, person: Person | None, items: list[Item], most: int) -> Column:
    laid = lanes([(item.start, item.minutes, item) for item in items if item.at], most)
    return Column(
        day=day,
        person=person,
        whole=[item for item in items if item.at is None],
        timed=laid.placed,
        crowds=[_crowd(crowd, most) for crowd in laid.crowds],
    )


def _crowd(items: list[Item], most: int) -> Crowd:
    start = min(item.start for item in items)
    ends = max(item.start + max(item.minutes, SHORTEST) for item in items)
    return Crowd(things=items, start=start, minutes=ends - start, lane=most - 1, lanes=most - 1 + LIST)
