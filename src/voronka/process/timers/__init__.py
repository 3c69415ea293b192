"""Timers: how moments follow from facts, one file a kind of trigger, one line here."""

from ..triggers import (
    BaseTrigger,
    Birthday,
    DateField,
    MessageUnanswered,
    NoInteraction,
    Schedule,
    StageTime,
    TaskOverdue,
)
from ._base import Due, Look, Timer
from .birthday import BirthdayTimer
from .date_field import DateTimer
from .message_unanswered import AnswerTimer
from .no_interaction import SilenceTimer
from .schedule import ScheduleTimer
from .stage_time import StageTimer
from .task_overdue import TaskTimer

TIMERS: dict[type[BaseTrigger], Timer] = {
    Birthday: BirthdayTimer(),
    DateField: DateTimer(),
    MessageUnanswered: AnswerTimer(),
    NoInteraction: SilenceTimer(),
    Schedule: ScheduleTimer(),
    StageTime: StageTimer(),
    TaskOverdue: TaskTimer(),
}

__all__ = ["TIMERS", "Due", "Look", "Timer"]
