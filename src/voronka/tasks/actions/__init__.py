"""Writes about tasks. Each records `task.*`; the deal's next step follows in `deals.reactions`."""

from .change_task import change_task
from .close_task import cancel_task, complete_task, reopen_task
from .create_task import create_task
from .plan_task import Plan, edit_task, plan_task
from .repeat_task import change_series, end_series, repeat_task, take_turns

__all__ = [
    "Plan",
    "cancel_task",
    "change_series",
    "change_task",
    "complete_task",
    "create_task",
    "edit_task",
    "end_series",
    "plan_task",
    "reopen_task",
    "repeat_task",
    "take_turns",
]
