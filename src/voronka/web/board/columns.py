"""A stage as a column: its head is counted by the database, its body holds the loaded tiles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from urllib.parse import quote, urlencode

from django.utils import timezone
from django.utils.translation import gettext as _

from voronka.deals import fields, queries
from voronka.deals.models import Deal, Stage
from voronka.deals.queries import Total
from voronka.kernel import clock
from voronka.kernel.filters import All, Is, Tree, both, dump
from voronka.process.queries import drop_hints
from voronka.web import formats

from .folds import folded_stages
from .state import BoardState
from .tiles import Tile, language, tiles


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
    on_drop: str = ""
    locked: str = ""
    tiles: Sequence[Tile] = ()
    more: str = ""
    foot: str = ""
    folded: bool = False


def month_start() -> datetime:
    """Midnight of the first day of this month where the person is."""
    local = clock.now().astimezone(timezone.get_current_timezone())
    return local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def columns(state: BoardState) -> list[Column]:
    """The whole board in ten queries: stages, totals, ids, deals, tasks, fields, tags, folds, two of the process."""
    stages = queries.stages_of(state.funnel)
    deals = state.deals()
    totals = queries.totals_by_stage(deals, closed_since=month_start())
    open_stages = [stage for stage in stages if not stage.is_closing]
    pages = queries.first_pages(deals.filter(closed_at=None), open_stages, order=state.order)
    known = fields.specs(state.person.actor)
    shown = tiles(
        (deal for page in pages.values() for deal in page[: queries.PAGE]),
        person=state.person,
        query=state.query,
        order=state.order,
        known=known,
    )
    folded = folded_stages(state.person)
    does = drop_hints(stages, asks={key: str(spec.title) for key, spec in known.items()})
    shown_columns = [
        column(stage, stages, totals, state, tiles=shown, page=pages.get(stage.pk, []), on_drop=does[stage.pk])
        for stage in stages
    ]
    return [replace(one, folded=one.id in folded) for one in shown_columns]


def heads(state: BoardState, wanted: Sequence[int]) -> list[Column]:
    """Heads alone, for those stages."""
    stages = queries.stages_of(state.funnel)
    totals = queries.totals_by_stage(state.deals(), closed_since=month_start())
    return [column(stage, stages, totals, state) for stage in stages if stage.pk in wanted]


def column(
    stage: Stage,
    stages: Sequence[Stage],
    totals: Mapping[int, Total],
    state: BoardState,
    *,
    tiles: Mapping[int, Tile] | None = None,
    page: Sequence[Deal] = (),
    on_drop: str = "",
) -> Column:
    total = totals.get(stage.pk, Total())
    open_ids = [one.pk for one in stages if not one.is_closing]
    fullest = max((totals[pk].count for pk in open_ids if pk in totals), default=0)
    queue = stage.meaning == Stage.Meaning.UNSORTED
    more = len(page) > queries.PAGE
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
        url=f"/deals?{urlencode({'funnel': state.funnel.key, 'filter': dump(both(state.tree, _held(stage)))})}",
        live_url=f"/board/stages/{stage.pk}/head?{state.query}",
        kind={"unsorted": "queue", "won": "won", "lost": "lost"}.get(stage.meaning, ""),
        on_drop="" if queue else on_drop,
        tiles=[(tiles or {})[deal.pk] for deal in page[: queries.PAGE]],
        more=more_url(stage, page[queries.PAGE - 1], state) if more else "",
        foot=stage.goal if queue else "",
    )


def more_url(stage: Stage, last: Deal, state: BoardState) -> str:
    after = quote(queries.cursor(last, stage, state.order))
    return f"/board/stages/{stage.pk}/tiles?{state.query}&after={after}"


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
