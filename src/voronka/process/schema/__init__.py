"""The typed schema of the process document: what may be written, with which keys and values."""

from .company import Brand, Calendar, Company, Location, Product, Programme, Role
from .funnels import (
    Article,
    Field,
    Fields,
    Funnel,
    Intake,
    LossReason,
    NextStep,
    Script,
    Segment,
    Stage,
    TaskKind,
    Template,
)
from .process import Process
from .rules import Rule

__all__ = [
    "Article", "Brand", "Calendar", "Company", "Field", "Fields", "Funnel", "Intake", "Location", "LossReason",
    "NextStep", "Process", "Product", "Programme", "Role", "Rule", "Script", "Segment", "Stage", "TaskKind", "Template",
]  # fmt: skip
