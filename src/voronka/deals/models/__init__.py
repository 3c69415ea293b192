from .approval import Approval
from .deal import Deal, Line, Passage
from .field import FieldDef
from .funnel import Funnel, LossReason, Stage
from .link import DealLink
from .template import NoteTemplate

__all__ = [
    "Approval", "Deal", "DealLink", "FieldDef", "Funnel", "Line", "LossReason", "NoteTemplate", "Passage", "Stage",
]  # fmt: skip
