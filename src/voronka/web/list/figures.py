"""What the whole filter holds, counted by the database: the views with their counts and the foot of the table."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, Expression, F, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from voronka.deals import queries
from voronka.deals.filters import OPEN, VIEWS
from voronka.kernel.filters import EVERYTHING, both, expression_of, view_of
from voronka.web import formats
from voronka.web.board.tiles import language

from .bar import parts_of
from .columns import Column
from .state import ListState

TONES = ("late", "stepless")


@dataclass(frozen=True, kw_only=True)
class Total:
    """Under a column of figures: sum and average of the whole filter; nothing where no row is filled."""

    sum: Decimal | None
    average: Decimal | None
    unit: str


def figures(state: ListState, columns: Sequence[Column]) -> dict[str, Any]:
    """Counted by the database for the whole filter: the foot and the views. One query while the list is of open deals,
    which the index of open ones serves; else two, and more than MANY are not counted."""
    open_deals = state.seen.filter(closed_at=None)
    views = {f"view_{view.key}": Count("pk", filter=state.condition(view.tree)) for view in VIEWS}
    chosen = state.condition(state.tree)
    held = {
        "here": Count("pk", filter=chosen),
        "sum": Coalesce(Sum("amount", filter=chosen), Decimal(0)),
        **_sums(state, columns, chosen),
    }
    tones = {
        f"tone_{view.key}": Count("pk", filter=state.condition(both(state.tree, view.tree)))
        for view in VIEWS
        if view.key in TONES
    }
    if OPEN in parts_of(state.tree):
        found = open_deals.aggregate(**views, **held, **tones)
    else:
        found = open_deals.aggregate(**views, **tones) | _some(state, columns, chosen)
    here = found["here"]
    shown = f"{formats.number(queries.MANY, language())}+" if here > queries.MANY else here
    return {
        "total_text": ngettext("%(num)s deal", "%(num)s deals", min(here, queries.MANY)) % {"num": shown},
        "total_amount": found["sum"],
        "foot": foot_of(columns, found),
        "views": _views(state, found),
        "marks": [
            {
                "title": view.title,
                "count": found[f"tone_{view.key}"],
                "tone": view.tone,
                "url": f"{reverse('deals')}?{state.with_(tree=both(state.tree, view.tree)).query}",
            }
            for view in VIEWS
            if view.key in TONES
        ],
    }


def foot_of(columns: Sequence[Column], found: dict) -> list[dict[str, Any]]:
    """Cells of the foot: a label over the columns before the first figure, totals, marks over those after the last."""
    places = [place for place, column in enumerate(columns) if f"sum_{column.key}" in found]
    first, last = (places[0], places[-1]) if places else (len(columns), len(columns))
    cells: list[dict[str, Any]] = [{"kind": "label", "span": first + 1, "cls": ""}]
    for place in range(first, last + 1 if places else first):
        column = columns[place]
        cells.append({"kind": "total", "span": 1, "cls": column.cls, "total": _total(column, found)})
    rest = len(columns) - last - 1
    return [*cells, {"kind": "marks", "span": rest, "cls": ""}] if rest > 0 else cells


def _total(column: Column, found: dict) -> Total | None:
    if f"sum_{column.key}" not in found:
        return None
    unit = "₽" if column.spec is None or column.spec.type == "money" else column.spec.unit
    return Total(sum=found[f"sum_{column.key}"], average=found[f"avg_{column.key}"], unit=unit)


def _some(state: ListState, columns: Sequence[Column], chosen: Any) -> dict[str, Any]:
    """The same of deals that no index of open ones holds: beyond MANY it stops, and there are no sums."""
    values = {f"of_{column.key}": _value(state, column) for column in columns if column.total}
    rows = state.seen.filter(chosen).order_by().annotate(**values).values("amount", *values)[: queries.MANY + 1]
    sums: dict[str, Any] = {"sum": Coalesce(Sum("amount"), Decimal(0))}
    for column in columns:
        if column.total:
            sums |= {f"sum_{column.key}": Sum(f"of_{column.key}"), f"avg_{column.key}": Avg(f"of_{column.key}")}
    found = rows.aggregate(here=Count("*"), **sums)
    return found if found["here"] <= queries.MANY else {**found, **dict.fromkeys(sums)}


def _sums(state: ListState, columns: Sequence[Column], chosen: Any) -> dict[str, Any]:
    sums: dict[str, Any] = {}
    for column in columns:
        if column.total:
            value = _value(state, column)
            sums[f"sum_{column.key}"] = Sum(value, filter=chosen)
            sums[f"avg_{column.key}"] = Avg(value, filter=chosen)
    return sums


def _value(state: ListState, column: Column) -> Expression | F:
    return expression_of(state.known.fields[column.key]) if column.spec else F(column.key)


def _views(state: ListState, found: dict) -> list[dict]:
    current = view_of(state.tree, VIEWS)
    shown = [
        {
            "title": view.title,
            "tone": view.tone if found[f"view_{view.key}"] else "",
            "count": found[f"view_{view.key}"],
            "url": f"{reverse('deals')}?{state.with_(tree=view.tree).query}".rstrip("?"),
            "current": view == current,
        }
        for view in VIEWS
    ]
    everything = {
        "title": _("All, closed too"),
        "tone": "",
        "count": None,
        "url": f"{reverse('deals')}?{state.with_(tree=EVERYTHING).query}",
        "current": state.tree == EVERYTHING,
    }
    return [*shown, everything]
