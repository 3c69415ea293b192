"""What may set a rule off: one class a file, one line here."""

from typing import Annotated, get_args

from pydantic import Field

from ._base import CLIENT, DEAL, NOTHING, BaseTrigger, Happening
from ._timed import TimedTrigger
from .birthday import Birthday
from .booking_finished import BookingFinished
from .booking_made import BookingMade
from .booking_moved import BookingMoved
from .button import Button
from .call_answered import CallAnswered
from .call_missed import CallMissed
from .contact_added import ContactAdded
from .date_field import DateField
from .deal_created import DealCreated
from .deal_entered_stage import DealEnteredStage
from .deal_left_stage import DealLeftStage
from .deal_lost import DealLost
from .deal_taken import DealTaken
from .deal_won import DealWon
from .field_changed import FieldChanged
from .inquiry_arrived import InquiryArrived
from .inquiry_attached import InquiryAttached
from .membership_ended import MembershipEnded
from .membership_ending import MembershipEnding
from .message_in import MessageIn
from .message_out import MessageOut
from .message_unanswered import MessageUnanswered
from .no_interaction import NoInteraction
from .no_tasks import NoTasks
from .payment_expected import PaymentExpected
from .payment_overdue import PaymentOverdue
from .payment_received import PaymentReceived
from .schedule import Schedule
from .stage_time import StageTime
from .survey_answered import SurveyAnswered
from .task_done import TaskDone
from .task_overdue import TaskOverdue
from .webhook import Webhook
from .work_settled import WorkSettled

Trigger = Annotated[
    Birthday
    | BookingFinished
    | BookingMade
    | BookingMoved
    | Button
    | CallAnswered
    | CallMissed
    | ContactAdded
    | DateField
    | DealCreated
    | DealEnteredStage
    | DealLeftStage
    | DealLost
    | DealTaken
    | DealWon
    | FieldChanged
    | InquiryArrived
    | InquiryAttached
    | MembershipEnded
    | MembershipEnding
    | MessageIn
    | MessageOut
    | MessageUnanswered
    | NoInteraction
    | NoTasks
    | PaymentExpected
    | PaymentOverdue
    | PaymentReceived
    | Schedule
    | StageTime
    | SurveyAnswered
    | TaskDone
    | TaskOverdue
    | Webhook
    | WorkSettled,
    Field(discriminator="event"),
]  # fmt: skip

#: Every kind of trigger, by what a document calls it.
TRIGGERS: tuple[type[BaseTrigger], ...] = get_args(get_args(Trigger)[0])

#: Event kinds that some trigger hears; no other event needs the document at all.
HEARD = frozenset(kind for trigger in TRIGGERS for kind in trigger.hears)

__all__ = [
    "CLIENT",
    "DEAL",
    "HEARD",
    "NOTHING",
    "TRIGGERS",
    "BaseTrigger",
    "Birthday",
    "Button",
    "DateField",
    "DealEnteredStage",
    "DealLeftStage",
    "FieldChanged",
    "Happening",
    "MessageUnanswered",
    "NoInteraction",
    "Schedule",
    "StageTime",
    "TaskOverdue",
    "TimedTrigger",
    "Trigger",
    "Webhook",
]
