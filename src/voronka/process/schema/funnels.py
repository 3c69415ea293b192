"""Funnels, stages, loss reasons, fields and kinds of tasks."""

from typing import Literal

from django.utils.translation import gettext as _
from pydantic import model_validator

from ..values import CalendarRef, Duration, FieldRef, FunnelRef, Key, Part, Title


class Stage(Part):
    """`limit`: how long a deal may stay; `goal`: that in words; `required`: fields asked on entering; `hint`: help."""

    key: Key
    title: Title
    meaning: Literal["unsorted", "open", "won", "lost"] = "open"
    limit: Duration | None = None
    goal: str = ""
    required: list[FieldRef] = []
    hint: str = ""


class LossReason(Part):
    key: Key
    title: Title
    comment_required: bool = False


class Funnel(Part):
    key: Key
    title: Title
    kind: Literal["sales", "qualification", "service"] = "sales"
    only_forward: bool = False
    no_skipping: bool = False
    next_step_required: bool = False
    calendar: CalendarRef | None = None
    stages: list[Stage]
    loss_reasons: list[LossReason] = []


FIELD_TYPES = Literal[
    "text", "long_text", "number", "money", "date", "time", "datetime", "yes_no", "choice", "choices", "person", "link",
    "phone", "email",
]  # fmt: skip


class Field(Part):
    """`options`: key → title of the choices, or `programmes` for those of the company."""

    key: Key
    title: Title
    type: FIELD_TYPES
    options: dict[Key, Title] | Literal["programmes"] = {}
    group: str = ""
    unit: str = ""

    @model_validator(mode="after")
    def choices_have_options(self) -> "Field":
        if self.type in ("choice", "choices") and not self.options:
            raise ValueError(_("A field of choices needs its options."))
        return self


class Fields(Part):
    deal: list[Field] = []
    contact: list[Field] = []


class TaskKind(Part):
    """`icon`: a Tabler icon's name."""

    key: Key
    title: Title
    icon: str = "checkbox"
    result_required: bool = False


class Intake(Part):
    """Where an inquiry goes: `new` for a new client, `repeat` for a known one without an open deal."""

    new: FunnelRef
    repeat: FunnelRef | None = None
