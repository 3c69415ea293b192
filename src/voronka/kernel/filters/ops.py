"""Operators of each kind of field: their names on the wire, what value they take, how people read them."""

from dataclasses import dataclass

from django.utils.translation import pgettext_lazy

from .fields import Text

# What an operator takes: nothing, one value of the field's kind, several of them, two (from and to), a point in time,
# two points, a length of time, a tree over the related rows.
SHAPES = ("nothing", "one", "many", "pair", "point", "points", "length", "tree")


@dataclass(frozen=True)
class Op:
    """`word` stands between field and value in a sentence: «Amount *from* 15 000»."""

    key: str
    word: Text
    takes: str


_EMPTY = Op("empty", pgettext_lazy("filter", "is not filled"), "nothing")
_FILLED = Op("filled", pgettext_lazy("filter", "is filled"), "nothing")
_IS = Op("=", pgettext_lazy("filter", "is"), "one")
_IS_NOT = Op("!=", pgettext_lazy("filter", "except"), "one")
_IN = Op("in", pgettext_lazy("filter", "is one of"), "many")
_NOT_IN = Op("not in", pgettext_lazy("filter", "except any of"), "many")

_TEXT = (
    Op("has", pgettext_lazy("filter", "contains"), "one"),
    Op("hasnt", pgettext_lazy("filter", "does not contain"), "one"),
    Op("starts", pgettext_lazy("filter", "starts with"), "one"),
    _IS,
    _IS_NOT,
    _FILLED,
    _EMPTY,
)
_NUMBER = (
    Op(">=", pgettext_lazy("filter number", "from"), "one"),
    Op("<=", pgettext_lazy("filter number", "up to"), "one"),
    Op(">", pgettext_lazy("filter number", "more than"), "one"),
    Op("<", pgettext_lazy("filter number", "less than"), "one"),
    _IS,
    _IS_NOT,
    Op("between", pgettext_lazy("filter number", "between"), "pair"),
    _FILLED,
    _EMPTY,
)
_TIME = (
    Op(">=", pgettext_lazy("filter time", "from"), "one"),
    Op("<=", pgettext_lazy("filter time", "until"), "one"),
    Op(">", pgettext_lazy("filter time", "after"), "one"),
    Op("<", pgettext_lazy("filter time", "before"), "one"),
    _IS,
    _IS_NOT,
    Op("between", pgettext_lazy("filter time", "between"), "pair"),
    _FILLED,
    _EMPTY,
)
_DATE = (
    Op("is", pgettext_lazy("filter date", "is"), "point"),
    Op("<=", pgettext_lazy("filter date", "until"), "point"),
    Op(">=", pgettext_lazy("filter date", "since"), "point"),
    Op("<", pgettext_lazy("filter date", "before"), "point"),
    Op(">", pgettext_lazy("filter date", "after"), "point"),
    Op("between", pgettext_lazy("filter date", "between"), "points"),
    Op("next", pgettext_lazy("filter date", "in the next"), "length"),
    Op("last", pgettext_lazy("filter date", "in the last"), "length"),
    Op("older", pgettext_lazy("filter date", "more than"), "length"),
    _FILLED,
    _EMPTY,
)
_CHOICE = (_IN, _NOT_IN, _IS, _IS_NOT, _FILLED, _EMPTY)

OPS: dict[str, tuple[Op, ...]] = {
    "text": _TEXT,
    "number": _NUMBER,
    "money": _NUMBER,
    "time": _TIME,
    "date": _DATE,
    "datetime": _DATE,
    "yes_no": (_IS,),
    "choice": _CHOICE,
    "row": _CHOICE,
    "person": _CHOICE,
    "client": (_IS, _IS_NOT, _FILLED, _EMPTY),
    "file": (_FILLED, _EMPTY),
    "choices": (_IN, _NOT_IN, Op("all", pgettext_lazy("filter", "has all of"), "many"), _FILLED, _EMPTY),
    "relation": (
        Op("some", pgettext_lazy("filter", "there are"), "tree"),
        Op("none", pgettext_lazy("filter", "there are no"), "tree"),
    ),
}


def op_of(kind: str, key: str) -> Op | None:
    return next((op for op in OPS[kind] if op.key == key), None)
