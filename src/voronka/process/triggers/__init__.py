"""What may set a rule off: one class a file, one line here."""

from typing import Annotated

from pydantic import Field

from ._base import BaseTrigger, Happening
from .deal_entered_stage import DealEnteredStage
from .deal_taken import DealTaken
from .inquiry_attached import InquiryAttached
from .stage_time import StageTime

Trigger = Annotated[
    DealEnteredStage
    | DealTaken
    | InquiryAttached
    | StageTime,
    Field(discriminator="event"),
]  # fmt: skip

__all__ = ["BaseTrigger", "DealEnteredStage", "Happening", "StageTime", "Trigger"]
