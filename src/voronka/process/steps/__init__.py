"""What a rule may do: one class a file, one line here."""

from typing import Annotated, get_args

from pydantic import Field

from ._base import BaseStep, Work
from ._facts import LABELS as PLACEHOLDERS
from ._facts import fill
from ._facts import value as placeholder
from ._people import OfRole
from .add_note import AddNote
from .add_to_segment import AddToSegment
from .assign import Assign
from .cancel_tasks import CancelTasks
from .complete_tasks import CompleteTasks
from .create_task import CreateTask
from .create_work import CreateWork
from .derive_stage import DeriveStage
from .move import Move
from .move_funnel import MoveFunnel
from .notify import Notify
from .open_deal import OpenDeal
from .reassign_tasks import ReassignTasks
from .remove_from_segment import RemoveFromSegment
from .send_message import SendMessage
from .send_payment_link import SendPaymentLink
from .set_field import SetField
from .start_survey import StartSurvey
from .wait import Wait
from .webhook import Webhook

Step = Annotated[
    AddNote
    | AddToSegment
    | Assign
    | CancelTasks
    | CompleteTasks
    | CreateTask
    | CreateWork
    | DeriveStage
    | Move
    | MoveFunnel
    | Notify
    | OpenDeal
    | ReassignTasks
    | RemoveFromSegment
    | SendMessage
    | SendPaymentLink
    | SetField
    | StartSurvey
    | Wait
    | Webhook,
    Field(discriminator="do"),
]  # fmt: skip

#: Every kind of step, by what a document calls it.
STEPS: tuple[type[BaseStep], ...] = get_args(get_args(Step)[0])

__all__ = [
    "PLACEHOLDERS",
    "STEPS",
    "Assign",
    "BaseStep",
    "CancelTasks",
    "CompleteTasks",
    "CreateTask",
    "DeriveStage",
    "Move",
    "MoveFunnel",
    "Notify",
    "OfRole",
    "OpenDeal",
    "SendMessage",
    "SetField",
    "Step",
    "Wait",
    "Webhook",
    "Work",
    "fill",
    "placeholder",
]
