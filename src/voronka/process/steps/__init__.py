"""What a rule may do: one class a file, one line here."""

from typing import Annotated

from pydantic import Field

from ._base import BaseStep, Work
from ._facts import LABELS as PLACEHOLDERS
from ._facts import fill
from .assign import Assign
from .cancel_tasks import CancelTasks
from .complete_tasks import CompleteTasks
from .create_task import CreateTask
from .move import Move
from .notify import Notify
from .set_field import SetField

Step = Annotated[
    Assign
    | CancelTasks
    | CompleteTasks
    | CreateTask
    | Move
    | Notify
    | SetField,
    Field(discriminator="do"),
]  # fmt: skip

__all__ = [
    "PLACEHOLDERS",
    "Assign",
    "BaseStep",
    "CancelTasks",
    "CompleteTasks",
    "CreateTask",
    "Move",
    "Step",
    "Work",
    "fill",
]
