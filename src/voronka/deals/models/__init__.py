from .deal import Deal, Line, Passage
from .field import FieldDef
from .funnel import Funnel, LossReason, Stage

__all__ = ["Deal", "FieldDef", "Funnel", "Line", "LossReason", "Passage", "Stage"]
