"""What may set a rule off: one class a file, one line here."""

from typing import Annotated, get_args

from pydantic import Field

from ._base import BaseTrigger, Happening
from .deal_entered_stage import DealEnteredStage
from .deal_taken import DealTaken
from .field_changed import FieldChanged
from .inquiry_attached import InquiryAttached
from .stage_time import StageTime
from .task_done import TaskDone

Trigger = Annotated[
    DealEnteredStage
    | DealTaken
    | FieldChanged
    | InquiryAttached
    | StageTime
    | TaskDone,
    Field(discriminator="event"),
]  # fmt: skip

#: Event kinds that some trigger hears; no other event needs the document at all.
HEARD = frozenset(kind for trigger in get_args(get_args(Trigger)[0]) for kind in trigger.hears)

__all__ = ["HEARD", "BaseTrigger", "DealEnteredStage", "Happening", "StageTime", "Trigger"]
