"""What a condition comes down to once «today» and «me» are known: a check of one field, free of time and people.

Both the compiler to SQL and the evaluator in Python read these, so a condition has one meaning.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Union

from .fields import Base, Field

Plan = Union["Every", "Either", "Without", "Check", "Some"]


@dataclass(frozen=True)
class Order:
    """`sign` of `<` `<=` `>` `>=` against an edge in the field's own kind. An empty field stands in no order."""

    sign: str
    edge: object


@dataclass(frozen=True)
class OneOf:
    """Equal to one of the values; of a list field: it has one of them."""

    values: tuple[object, ...]


@dataclass(frozen=True)
class AllOf:
    """A list field has every value."""

    values: tuple[object, ...]


@dataclass(frozen=True)
class Same:
    """The same text, whatever the case."""

    text: str


@dataclass(frozen=True)
class Holds:
    """The text stands somewhere in the field, whatever the case."""

    text: str


@dataclass(frozen=True)
class Starts:
    text: str


@dataclass(frozen=True)
class Filled:
    """Neither missing nor an empty text or list."""


Test = Order | OneOf | AllOf | Same | Holds | Starts | Filled


@dataclass(frozen=True)
class Check:
    field: Field
    test: Test


@dataclass(frozen=True)
class Some:
    """At least one related row for which the plan holds."""

    field: Field
    base: Base
    plan: Plan


@dataclass(frozen=True)
class Every:
    parts: tuple[Plan, ...]

    def __init__(self, parts: Iterable[Plan] = ()) -> None:
        object.__setattr__(self, "parts", tuple(parts))


@dataclass(frozen=True)
class Either:
    parts: tuple[Plan, ...]

    def __init__(self, parts: Iterable[Plan] = ()) -> None:
        object.__setattr__(self, "parts", tuple(parts))


@dataclass(frozen=True)
class Without:
    part: Plan
