"""What can be done to many deals: one class a file, one line here."""

from ._base import Judgement, Kind
from .assign import Assign
from .move import Move
from .plan import Plan

KINDS: dict[str, type[Kind]] = {kind.key: kind for kind in (Assign, Move, Plan)}

__all__ = ["KINDS", "Assign", "Judgement", "Kind", "Move", "Plan"]
