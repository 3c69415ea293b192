"""What can be done to many deals: one class a file, one line here."""

from ._base import Judgement, Kind
from .assign import Assign
from .draft import DraftThem
from .move import Move
from .plan import Plan
from .tag import TagThem

KINDS: dict[str, type[Kind]] = {kind.key: kind for kind in (Assign, Move, Plan, TagThem, DraftThem)}

__all__ = ["KINDS", "Assign", "DraftThem", "Judgement", "Kind", "Move", "Plan", "TagThem"]
