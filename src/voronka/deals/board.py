"""What the columns of a board hold: totals and pages of tiles. Deals come in through the gate already."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import BigIntegerField, Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Coalesce

from voronka.kernel import clock

from .models import Deal, Stage

#: Order of tiles → ordering that an index holds; the queue is always by its nearest step.
ORDERS: dict[str, tuple[str, ...]] = {
    "step": ("next_step_at", "id"),
    "new": ("-stage_entered_at", "-id"),
    "long": ("stage_entered_at", "id"),
    "amount": ("-amount", "-id"),
}
PAGE = 40


@dataclass(frozen=True, kw_only=True)
class Total:
    """What a column holds; `burning`: untaken ones past their limit."""

    count: int = 0
    amount: Decimal = Decimal(0)
    burning: int = 0

    def __add__(self, other: "Total") -> "Total":
        return Total(
            count=self.count + other.count, amount=self.amount + other.amount, burning=self.burning + other.burning
        )


@dataclass(frozen=True)
class Cell:
    """Where tiles stand: a column, or its part in a lane. `lane`: name of the column of deals that lanes are by, then
    `value` is its value here."""

    stage: Stage
    lane: str = ""
    value: int | None = None

    def of(self, deals: QuerySet[Deal]) -> QuerySet[Deal]:
        own = deals.filter(stage=self.stage, closed_at=None)
        return own.filter(**{self.lane: self.value}) if self.lane else own

    @property
    def key(self) -> tuple[int, int | None]:
        return self.stage.pk, self.value

    def key_of(self, deal: Deal) -> tuple[int, int | None]:
        """The key of the cell of these lanes where a deal stands."""
        return deal.stage_id, getattr(deal, self.lane) if self.lane else None


def totals_by_stage(deals: QuerySet[Deal], *, closed_since: datetime) -> dict[int, Total]:
    """Counted by the database in one query: open deals, and those closed since a moment."""
    return {stage: total for (stage, _value), total in totals_by_cell(deals, closed_since=closed_since).items()}


def totals_by_cell(
    deals: QuerySet[Deal], *, closed_since: datetime, lane: str = ""
) -> dict[tuple[int, int | None], Total]:
    """The same by (stage, value of the lane); closed ones stand in no lane.

    Two scans joined, each served by its partial index; an OR of both would walk the whole table.
    """
    burning = Count("pk", filter=Q(taken_at=None, answer_due_at__lt=clock.now()))
    nowhere = Cast(Value(None), BigIntegerField())
    still = _summed(deals.filter(closed_at=None), F(lane) if lane else nowhere, burning)
    closed = _summed(deals.filter(closed_at__gte=closed_since), nowhere, Value(0))
    rows = still.union(closed, all=True)
    return {
        (row["stage_id"], row["value"]): Total(count=row["count"], amount=row["sum"], burning=row["burning"])
        for row in rows
    }


def _summed(deals: QuerySet[Deal], value: F | Cast, burning: Count | Value) -> QuerySet:
    sums = {"count": Count("*"), "sum": Coalesce(Sum("amount"), Decimal(0)), "burning": burning}
    return deals.order_by().values("stage_id", value=value).annotate(**sums)


def first_pages(
    deals: QuerySet[Deal], cells: Sequence[Cell], *, order: str, size: int = PAGE
) -> dict[tuple[int, int | None], list[Deal]]:
    """The top of each cell in one query, however many cells; one row more than `size` tells of a next page."""
    if not cells:
        return {}
    tops = [_ordered(cell.of(deals), cell.stage, order).values("pk")[: size + 1] for cell in cells]
    ids = tops[0].union(*tops[1:], all=True) if len(tops) > 1 else tops[0]
    found: dict[tuple[int, int | None], list[Deal]] = {cell.key: [] for cell in cells}
    by_stage = {cell.stage.pk: cell.stage for cell in cells}
    for deal in deals.filter(pk__in=ids):
        deal.stage = by_stage[deal.stage_id]
        found[cells[0].key_of(deal)].append(deal)
    for cell in cells:
        found[cell.key].sort(key=partial(sort_key, order=_order_of(cell.stage, order)))
    return found


def next_page(deals: QuerySet[Deal], cell: Cell, *, order: str, after: str, size: int = PAGE) -> list[Deal]:
    """The following tiles of a cell. `after` is the cursor of the last one shown; a foreign one is an empty page."""
    found = _after(cell.of(deals), _order_of(cell.stage, order), after)
    return list(_ordered(found, cell.stage, order)[: size + 1])


def cursor(deal: Deal, stage: Stage, order: str) -> str:
    """Where a column goes on after this deal."""
    value = getattr(deal, ORDERS[_order_of(stage, order)][0].lstrip("-"))
    text = value.isoformat() if isinstance(value, datetime) else "" if value is None else str(value)
    return f"{text}~{deal.pk}"


def sort_key(deal: Deal, order: str) -> tuple[float, float]:
    """The same order in memory, ascending; a deal without a step comes last."""
    if order == "new":
        return (-deal.stage_entered_at.timestamp(), -deal.pk)
    if order == "long":
        return (deal.stage_entered_at.timestamp(), deal.pk)
    if order == "amount":
        return (-float(deal.amount), -deal.pk)
    return (deal.next_step_at.timestamp() if deal.next_step_at else 9e12, deal.pk)


def neighbours(deals: QuerySet[Deal], deal: Deal, *, order: str = "step") -> tuple[int | None, int | None]:
    """Ids of the deals above and below in the same column; a closed deal stands in none."""
    if deal.closed_at:
        return None, None
    column = deals.filter(stage_id=deal.stage_id, closed_at=None)
    here = cursor(deal, deal.stage, order)
    above = _after(column, order, here, back=True).order_by(*_sql(order, back=True))
    below = _after(column, order, here).order_by(*_sql(order))
    sides = [rows.values_list("pk", Value(side))[:1] for side, rows in (("above", above), ("below", below))]
    found = {side: pk for pk, side in sides[0].union(sides[1], all=True)}
    return found.get("above"), found.get("below")


def _order_of(stage: Stage, order: str) -> str:
    return "step" if stage.meaning == Stage.Meaning.UNSORTED or order not in ORDERS else order


def _ordered(deals: QuerySet[Deal], stage: Stage, order: str) -> QuerySet[Deal]:
    return deals.order_by(*_sql(_order_of(stage, order)))


def _sql(order: str, *, back: bool = False) -> list[Any]:
    first, second = ORDERS[order]
    if order == "step":
        name = F("next_step_at")
        return [name.desc(nulls_first=True), "-id"] if back else [name.asc(nulls_last=True), "id"]
    return [_turned(first), _turned(second)] if back else [first, second]


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _after(deals: QuerySet[Deal], order: str, after: str, *, back: bool = False) -> QuerySet[Deal]:
    """Rows beyond a cursor by (value, id); NULL steps stand at the end."""
    text, _tilde, pk = after.rpartition("~")
    if not pk.isdigit() or len(pk) > 18:
        return deals.none()
    try:
        value: Any = Decimal(text) if order == "amount" else datetime.fromisoformat(text) if text else None
    except (ValueError, ArithmeticError):
        return deals.none()
    if isinstance(value, datetime) and value.tzinfo is None:
        return deals.none()
    name = ORDERS[order][0].lstrip("-")
    ascending = (not ORDERS[order][0].startswith("-")) != back
    side = "gt" if ascending else "lt"
    same: dict[str, Any] = {f"{name}__isnull": True} if value is None else {name: value}
    tie = Q(**same, **{f"id__{side}": int(pk)})
    if value is None:
        return deals.filter(tie | Q(next_step_at__isnull=False) if back else tie)
    beyond = Q(**{f"{name}__{side}": value}) | tie
    if order == "step" and not back:
        beyond |= Q(next_step_at=None)
    return deals.filter(beyond)
