"""Lanes across the columns: the board by who leads or by location, each lane with counts and sums of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from voronka.deals.board import Cell, Total, first_pages
from voronka.deals.models import Deal, Stage
from voronka.kernel.filters import Is, both, dump
from voronka.staff.models import Location, Person
from voronka.staff.queries import everybody, locations
from voronka.web import formats

from .columns import Column, counted_by_cell, deals_text, frames, more_url
from .folds import Layout
from .state import BoardState
from .tiles import Tile, lane_key, tiles

#: Lanes that come with the page; those below ask for their tiles when they are scrolled to.
AT_ONCE = 3
#: Tiles of a cell before «show more».
FIRST = 6

Totals = Mapping[tuple[int, int | None], Total]


@dataclass(frozen=True, kw_only=True)
class LaneCell:
    """A stage of a lane. `name`: both in words, for those who hear the page."""

    stage: int
    stage_name: str
    name: str
    count: int
    amount: Decimal
    ink: str
    queue: bool
    folded: bool
    on_drop: str = ""
    tiles: Sequence[Tile] = ()
    more: str = ""
    left: int = 0


@dataclass(frozen=True, kw_only=True)
class Lane:
    """`cells` is None while its tiles were not asked for."""

    key: str
    title: str
    initials: str
    count: int
    amount: Decimal
    text: str
    url: str
    body_url: str
    shut: bool
    cells: Sequence[LaneCell] | None = None


def board_with_lanes(state: BoardState, layout: Layout) -> tuple[list[Column], list[Lane]]:
    """Columns without tiles, and lanes with the first ones. Three queries: totals, deals, tasks; a fourth for
    limits."""
    counted, totals = counted_by_cell(state)
    columns = frames(state, counted, layout)
    found = lanes(state, layout, totals)
    at_once = [lane for lane in found if not lane.shut][:AT_ONCE]
    filled = {lane.key: lane for lane in fill(at_once, state, columns, totals)}
    return columns, [filled.get(lane.key, lane) for lane in found]


def lane_heads(state: BoardState, layout: Layout) -> list[Lane]:
    """Heads alone, as live updates ask for them."""
    return lanes(state, layout, counted_by_cell(state)[1])


def one_lane(state: BoardState, layout: Layout, key: str) -> Lane | None:
    """One lane with its tiles; None when nothing stands in it any more."""
    counted, totals = counted_by_cell(state)
    columns = frames(state, counted, layout)
    found = [lane for lane in lanes(state, layout, totals) if lane.key == key]
    return next(iter(fill(found, state, columns, totals)), None)


def lanes(state: BoardState, layout: Layout, totals: Totals) -> list[Lane]:
    """Those that hold an open deal, and one's own."""
    open_ids = [stage.pk for stage in state.stages if not stage.is_closing]
    sums: dict[int | None, Total] = {}
    for (stage, value), total in totals.items():
        if stage in open_ids:
            sums[value] = sums.get(value, Total()) + total
    if state.lanes == "responsible" and state.person.may("take_deals"):
        sums.setdefault(state.person.pk, Total())
    names = _names(state, [value for value in sums if value is not None])
    order: list[int | None] = [*sorted(names, key=lambda value: _place(value, names[value], state))]
    if None in sums:
        order.insert(0 if state.lanes == "responsible" else len(order), None)
    return [_lane(value, names, sums[value], state, layout) for value in order]


def fill(found: Sequence[Lane], state: BoardState, columns: Sequence[Column], totals: Totals) -> list[Lane]:
    """Put tiles into lanes, in three queries however many lanes."""
    stages = [stage for stage in state.stages if not stage.is_closing]
    cells = [cell for lane in found for stage in stages if totals.get((cell := _cell(stage, lane.key, state)).key)]
    pages = first_pages(state.deals(), cells, order=state.order, size=FIRST)
    shown = tiles((deal for page in pages.values() for deal in page[:FIRST]), state)
    heads = {column.id: column for column in columns}
    return [
        _filled(lane, [_lane_cell(stage, lane, state, heads[stage.pk], totals, pages, shown) for stage in stages])
        for lane in found
    ]


def value_of(key: str) -> int | None:
    """What a lane's key stands for. Raises ValueError."""
    if key == "none":
        return None
    if not key.isascii() or not key.isdecimal() or len(key) > 18:
        raise ValueError(key)
    return int(key)


def _lane(value: int | None, names: Mapping[int, str], total: Total, state: BoardState, layout: Layout) -> Lane:
    key = lane_key(value)
    untold = _("Nobody's yet") if state.lanes == "responsible" else _("Without a location")
    title = untold if value is None else names[value]
    here = Is(state.lanes, "empty") if value is None else Is(state.lanes, "in", (value,))
    asked = {"funnel": state.funnel.key, "filter": dump(both(state.tree, here))}
    return Lane(
        key=key,
        title=title,
        initials=formats.initials(title) if state.lanes == "responsible" and value is not None else "",
        count=total.count,
        amount=total.amount,
        text=deals_text(total.count),
        url=f"/deals?{urlencode(asked)}",
        body_url=f"/board/lanes/{key}?{state.query}",
        shut=f"{state.lanes}:{key}" in layout.shut,
    )


def _filled(lane: Lane, cells: Sequence[LaneCell]) -> Lane:
    return replace(lane, cells=cells)


def _lane_cell(
    stage: Stage,
    lane: Lane,
    state: BoardState,
    head: Column,
    totals: Totals,
    pages: Mapping[tuple[int, int | None], list[Deal]],
    shown: Mapping[int, Tile],
) -> LaneCell:
    cell = _cell(stage, lane.key, state)
    total, page = totals.get(cell.key, Total()), pages.get(cell.key, [])
    return LaneCell(
        stage=stage.pk,
        stage_name=stage.title,
        name=_("%(stage)s, %(lane)s") % {"stage": stage.title, "lane": lane.title},
        count=total.count,
        amount=total.amount,
        ink=head.ink,
        queue=head.kind == "queue",
        folded=head.folded,
        on_drop=head.on_drop,
        tiles=[shown[deal.pk] for deal in page[:FIRST]],
        more=more_url(cell, page, state, size=FIRST),
        left=total.count - FIRST,
    )


def _cell(stage: Stage, key: str, state: BoardState) -> Cell:
    return Cell(stage, state.lane, value_of(key))


def _names(state: BoardState, values: Sequence[int]) -> dict[int, str]:
    rows: Mapping[int, Person | Location] = everybody() if state.lanes == "responsible" else locations()
    return {value: rows[value].name for value in values if value in rows}


def _place(value: int, name: str, state: BoardState) -> tuple[bool, str]:
    """Oneself first, the others by name."""
    own = state.lanes == "responsible" and value == state.person.pk
    return not own, name.lower()
