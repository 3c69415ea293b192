"""By what a list is ordered, and its pages: each goes on from the last row, so rows that arrive don't move it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import DateTimeField, Expression, ExpressionWrapper, F, Q, QuerySet

from voronka.deals.models import Deal
from voronka.kernel.filters import Base, Json, expression_of
from voronka.kernel.sorting import by_name

PAGE = 50
DEFAULT = "step"


@dataclass(frozen=True, kw_only=True)
class Order:
    """`read`: the cursor's text back to a value; rows without a value stand last either way."""

    key: str
    value: Expression | F
    read: Callable[[Any], Any]
    down: bool = False
    filled: bool = False


def order_of(sort: str, known: Base) -> Order | None:
    """«amount» or «-amount» as an order; None when the list can't be ordered so."""
    key, down = sort.removeprefix("-"), sort.startswith("-")
    if key in _BUILT_IN:
        value, read, filled = _BUILT_IN[key]
        return Order(key=key, value=value, read=read, down=down, filled=filled)
    field = known.field(key)
    if field is None or not isinstance(field.source, Json) or field.kind not in _DECLARED:
        return None
    return Order(key=key, value=expression_of(field), read=_DECLARED[field.kind], down=down)


def page_of(deals: QuerySet[Deal], order: Order, *, after: str = "", size: int = PAGE) -> tuple[list[Deal], str]:
    """Rows after a cursor and the cursor of the next page, «» at the end.

    Filled rows and empty ones are asked apart: an OR with ORDER BY would walk the whole index.
    """
    sign = "-" if order.down else ""
    rows = deals.annotate(sorted_by=order.value) if order.key != "number" else deals.annotate(sorted_by=F("pk"))
    last = _read(order, after) if after else None
    if after and last is None:
        return [], ""
    found: list[Deal] = []
    if last is None or last[0] is not None:
        filled = rows if order.filled else rows.filter(sorted_by__isnull=False)
        if last is not None:
            filled = filled.filter(_beyond(order, *last))
        found = list(filled.order_by(f"{sign}sorted_by", f"{sign}id")[: size + 1])
    if not order.filled and len(found) <= size:
        empty = rows.filter(sorted_by__isnull=True)
        if last is not None and last[0] is None:
            empty = empty.filter(**{"id__lt" if order.down else "id__gt": last[1]})
        found += empty.order_by(f"{sign}id")[: size + 1 - len(found)]
    more = _cursor(found[size - 1]) if len(found) > size else ""
    return found[:size], more


def _beyond(order: Order, value: Any, pk: int) -> Q:
    side = "lt" if order.down else "gt"
    return Q(**{f"sorted_by__{side}e": value}) & (Q(**{f"sorted_by__{side}": value}) | Q(**{f"id__{side}": pk}))


def _cursor(deal: Deal) -> str:
    value = deal.sorted_by  # type: ignore[attr-defined]
    text = value.isoformat() if isinstance(value, datetime) else str(value) if isinstance(value, Decimal) else value
    return json.dumps([text, deal.pk], ensure_ascii=False, separators=(",", ":"))


def _read(order: Order, after: str) -> tuple[Any, int] | None:
    """The cursor, None when it is nobody's: an address cut or written by hand."""
    try:
        value, pk = json.loads(after)
        if isinstance(pk, bool) or not isinstance(pk, int) or not 0 <= pk < 2**63:
            return None
        return (None if value is None else order.read(value)), pk
    except (ValueError, TypeError, InvalidOperation, RecursionError):
        return None


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError
    return moment


def _text(text: Any) -> str:
    if not isinstance(text, str) or "\x00" in text:
        raise ValueError
    text.encode()
    return text


def _number(text: Any) -> Decimal:
    number = Decimal(str(text))
    if not number.is_finite() or abs(number) >= 10**18:
        raise ValueError
    return number


def _whole(number: Any) -> int:
    return int(_number(number))


def _at(path: str) -> ExpressionWrapper:
    return ExpressionWrapper(F(path), output_field=DateTimeField())


#: key → value, reader of a cursor, whether every row has one
_BUILT_IN: dict[str, tuple[Expression | F, Callable, bool]] = {
    "number": (F("pk"), _whole, True),
    "client": (by_name("company__name"), _text, True),
    "title": (by_name("title"), _text, True),
    "stage": (F("stage__position"), _whole, True),
    "amount": (F("amount"), _number, True),
    "responsible": (by_name("responsible__name"), _text, False),
    "step": (_at("next_step_at"), _moment, False),
    "age": (_at("stage_entered_at"), _moment, True),
    "created": (_at("created_at"), _moment, True),
    "taken": (_at("taken_at"), _moment, False),
    "interaction": (_at("company__last_interaction_at"), _moment, False),
    "closed": (_at("closed_at"), _moment, False),
    "funnel": (F("funnel__position"), _whole, True),
    "source": (by_name("source__title"), _text, False),
    "brand": (by_name("brand__name"), _text, False),
    "location": (by_name("location__name"), _text, False),
    "loss_reason": (F("loss_reason__position"), _whole, False),
}

_DECLARED: dict[str, Callable] = {
    "text": _text,
    "choice": _text,
    "date": _text,
    "time": _text,
    "datetime": _text,
    "number": _number,
    "money": _number,
}
