"""Whose hand writes, and what undoing needs of each row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from voronka.kernel.actor import Actor

from .plan import Plan


@dataclass(frozen=True)
class Hand:
    """Whose import it is: the actor, who sees new clients by themselves, the other system's name."""

    by: Actor
    home: Sequence[str]
    system: str
    brand: int | None = None


@dataclass
class Written:
    """What undoing a row needs. `made`: table → ids; `was`: table → {id: {column: [old, new]}}."""

    plan: Plan
    made: dict[str, list[int]]
    was: dict[str, dict[int, Any]]
    deal: int | None = None
    refusal: str = ""
