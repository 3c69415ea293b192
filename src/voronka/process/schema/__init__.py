"""The typed schema of the process document: what may be written, with which keys and values."""

from .company import Brand, Calendar, Company, Location, Product, Programme, Role
from .funnels import Field, Fields, Funnel, Intake, LossReason, Stage, TaskKind
from .process import Process
from .rules import Rule

__all__ = [
    "Brand", "Calendar", "Company", "Field", "Fields", "Funnel", "Intake", "Location", "LossReason", "Process",
    "Product", "Programme", "Role", "Rule", "Stage", "TaskKind",
]  # fmt: skip
