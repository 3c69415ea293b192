from .deal import Deal, Line, Passage
from .funnel import FieldDef, Funnel, LossReason, Stage

__all__ = ["Deal", "FieldDef", "Funnel", "Line", "LossReason", "Passage", "Stage"]
