"""A stage as a column: its head is counted by the database, its body holds the loaded tiles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from voronka.deals import wip
from voronka.deals.board import PAGE, Cell, Total, cursor, first_pages, totals_by_cell, totals_by_stage
from voronka.deals.models import Deal, Stage
from voronka.deals.wip import Load
from voronka.kernel import clock
from voronka.kernel.filters import All, Is, Tree, both, dump
from voronka.process.queries import drop_hints
from voronka.web import formats

from .folds import Layout
from .state import BoardState
from .tiles import Tile, lane_key, language, tiles


@dataclass(frozen=True, kw_only=True)
class WipMark:
    """How full a limited stage is: «13 / 12»."""

    held: int
    limit: int
    title: str
    tone: str


@dataclass(frozen=True, kw_only=True)
class Column:
    """What the macros `column`, `head` and `slim` show, and its tiles."""

    id: int
    name: str
    count: int
    amount: Decimal
    sub: str
    note: str
    note_late: bool
    share: int
    ink: str
    url: str
    live_url: str
    kind: str
    wip: WipMark | None = None
    pick_query: str = ""
    pick_text: str = ""
    on_drop: str = ""
    tiles: Sequence[Tile] = ()
    more: str = ""
    foot: str = ""
    folded: bool = False


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What the heads say: totals by stage, and how full limited stages are."""

    totals: Mapping[int, Total]
    load: Load


def month_start() -> datetime:
    """Midnight of the first day of this month where the person is."""
    local = clock.now().astimezone(timezone.get_current_timezone())
    return local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def columns(state: BoardState, layout: Layout) -> list[Column]:
    """The columns with their first tiles. Three queries: totals, deals, tasks; a fourth for limits."""
    deals = state.deals()
    counted = Counted(totals=totals_by_stage(deals, closed_since=month_start()), load=_load(state))
    cells = [Cell(stage) for stage in state.stages if not stage.is_closing]
    pages = first_pages(deals, cells, order=state.order)
    shown = tiles((deal for page in pages.values() for deal in page[:PAGE]), state)
    return [
        replace(
            one,
            tiles=[shown[deal.pk] for deal in pages.get((one.id, None), [])[:PAGE]],
            more=more_url(Cell(stage), pages.get((one.id, None), []), state),
        )
        for stage, one in zip(state.stages, frames(state, counted, layout), strict=True)
    ]


def frames(state: BoardState, counted: Counted, layout: Layout) -> list[Column]:
    """The columns without tiles: heads, what a drop will do, folds."""
    does = drop_hints(state.stages, asks={key: str(spec.title) for key, spec in state.fields.items()})
    return [
        replace(
            column(stage, state, counted),
            on_drop="" if stage.meaning == Stage.Meaning.UNSORTED else does[stage.pk],
            folded=stage.pk in layout.folded,
        )
        for stage in state.stages
    ]


def heads(state: BoardState, wanted: Sequence[int]) -> list[Column]:
    """Heads alone, for those stages."""
    totals = totals_by_stage(state.deals(), closed_since=month_start())
    counted = Counted(totals=totals, load=_load(state))
    return [column(stage, state, counted) for stage in state.stages if stage.pk in wanted]


def counted_by_cell(state: BoardState) -> tuple[Counted, dict[tuple[int, int | None], Total]]:
    """The same for a board with lanes, and what each cell holds."""
    cells = totals_by_cell(state.deals(), closed_since=month_start(), lane=state.lane)
    totals: dict[int, Total] = {}
    for (stage, _value), total in cells.items():
        totals[stage] = totals.get(stage, Total()) + total
    return Counted(totals=totals, load=_load(state)), cells


def column(stage: Stage, state: BoardState, counted: Counted) -> Column:
    totals = counted.totals
    total = totals.get(stage.pk, Total())
    open_ids = [one.pk for one in state.stages if not one.is_closing]
    fullest = max((totals[pk].count for pk in open_ids if pk in totals), default=0)
    queue = stage.meaning == Stage.Meaning.UNSORTED
    held = both(state.tree, _held(stage))
    return Column(
        id=stage.pk,
        name=stage.title,
        count=total.count,
        amount=total.amount,
        sub=_("seen by everybody on shift") if queue else "",
        note=_note(stage, total),
        note_late=queue and total.burning > 0,
        share=round(100 * total.count / fullest) if fullest else 0,
        ink=_ink(stage, open_ids),
        url=f"/deals?{urlencode({'funnel': state.funnel.key, 'filter': dump(held)})}",
        live_url=f"/board/stages/{stage.pk}/head?{state.query}",
        kind={"unsorted": "queue", "won": "won", "lost": "lost"}.get(stage.meaning, ""),
        wip=wip_mark(stage, counted.load),
        pick_query="" if stage.is_closing else state.with_(tree=held).query,
        pick_text=deals_text(total.count),
        foot=stage.goal if queue else "",
    )


def deals_text(count: int) -> str:
    return ngettext("%(num)s deal", "%(num)s deals", count) % {"num": formats.number(count, language())}


def wip_mark(stage: Stage, load: Load) -> WipMark | None:
    """Amber when the stage is full, red when it is over its limit."""
    full = wip.fullness(stage, load)
    if full is None:
        return None
    if stage.wip_per == Stage.WipPer.RESPONSIBLE:
        title = ngettext(
            "At most %(num)s deal in one pair of hands", "At most %(num)s deals in one pair of hands", full.limit
        )
    else:
        title = ngettext("At most %(num)s deal at this stage", "At most %(num)s deals at this stage", full.limit)
    return WipMark(held=full.held, limit=full.limit, title=title % {"num": full.limit}, tone=full.tone)


def more_url(cell: Cell, page: Sequence[Deal], state: BoardState, *, size: int = PAGE) -> str:
    """Where the cell goes on; «» when the page, read with one row more than `size`, was the last."""
    if len(page) <= size:
        return ""
    after = cursor(page[size - 1], cell.stage, state.order)
    lane = {"lane": lane_key(cell.value)} if cell.lane else {}
    return f"/board/stages/{cell.stage.pk}/tiles?{state.query}&{urlencode({**lane, 'after': after})}"


def _load(state: BoardState) -> Load:
    return wip.load_of(state.stages, seen_by=state.person)


def _held(stage: Stage) -> Tree:
    """The deals that a head counts: those at the stage, and of a closing one those closed this month."""
    here = Is("stage", "in", (stage.pk,))
    return All([here, Is("closed_at", "is", "this-month")]) if stage.is_closing else here


def _note(stage: Stage, total: Total) -> str:
    if stage.is_closing:
        first = month_start().date()
        return _("since %(day)s") % {"day": formats.day(first, today=first, language=language())}
    if stage.meaning == Stage.Meaning.UNSORTED:
        return _("%(num)s burning") % {"num": total.burning} if total.burning else ""
    return stage.goal


def _ink(stage: Stage, open_ids: Sequence[int]) -> str:
    """Ink thickens towards the money; won is green, lost grey."""
    if stage.is_closing:
        return f"var(--v-{stage.meaning})"
    return f"var(--v-st{formats.stage_step(open_ids.index(stage.pk), len(open_ids))})"
