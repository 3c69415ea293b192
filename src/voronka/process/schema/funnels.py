"""Funnels, stages, loss reasons, fields and kinds of tasks."""

from typing import Any, Literal

from django.utils.translation import gettext as _
from pydantic import Field as PydanticField
from pydantic import model_validator

from ..values import (
    CalendarRef,
    Clock,
    Duration,
    FieldRef,
    FunnelRef,
    Key,
    Part,
    RoleRef,
    Speech,
    StageRef,
    TaskKindRef,
    Text,
    Title,
)

#: A condition as `kernel.filters` writes it, with keys where a screen has ids; see `process.conditions`.
Filter = list[Any]


class Wip(Part):
    """How many deals may be on a stage at once, altogether or in the hands of one person. `wip: 12` is `{most: 12}`."""

    most: int = PydanticField(ge=1, le=9999)
    per: Literal["stage", "responsible"] = "stage"
    enforced: bool = False

    @model_validator(mode="before")
    @classmethod
    def from_number(cls, written: Any) -> Any:
        return {"most": written} if isinstance(written, int) and not isinstance(written, bool) else written


class Stage(Part):
    """`limit`: how long a deal may stay; `goal`: that in words; `required`: fields asked on entering; `hint`: help;
    `wip`: how many may be here at once.

    The limit is counted in the funnel's calendar unless `clock` says otherwise. `may_enter`: roles that bring deals
    here, all without it. `approval`: a move of others to here waits for the word of this role. `derived`: a filter over
    the deal; deals come here by the step `derive_stage` and not by hand.
    """

    key: Key
    title: Title
    meaning: Literal["unsorted", "open", "won", "lost"] = "open"
    limit: Duration | None = None
    clock: Clock | None = None
    goal: str = ""
    required: list[FieldRef] = []
    may_enter: list[RoleRef] = []
    approval: RoleRef | None = None
    derived: Filter | None = None
    hint: str = ""
    wip: Wip | None = None


class LossReason(Part):
    key: Key
    title: Title
    comment_required: bool = False


class NextStep(Part):
    """The task of a card that was left without one."""

    kind: TaskKindRef
    title: Text
    due: Duration


class Funnel(Part):
    """`calendar`: in what its durations are counted; day and night without one.

    `next_step_required`: whoever worked in a card may not leave it without an open task; `next_step` is the task that
    is made when they do it all the same.
    """

    key: Key
    title: Title
    kind: Literal["sales", "qualification", "service"] = "sales"
    only_forward: bool = False
    no_skipping: bool = False
    next_step_required: bool = False
    next_step: NextStep | None = None
    calendar: CalendarRef | None = None
    stages: list[Stage]
    loss_reasons: list[LossReason] = []


FIELD_TYPES = Literal[
    "text", "long_text", "number", "money", "date", "time", "datetime", "yes_no", "choice", "choices", "person",
    "client", "file", "link", "phone", "email",
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


class Template(Part):
    """A message to a client. `subject` is for channels that have one; `channels`: those it is meant for, any without.

    `text` takes placeholders.
    """

    key: Key
    title: Title
    subject: Text | None = None
    text: Text
    channels: list[Key] = []


class Segment(Part):
    """A named set of clients that rules add to and remove from."""

    key: Key
    title: Title


class Script(Part):
    """What to say on a call, shown on these `stages` and while a task of these `task_kinds` is next; everywhere
    without both. A line that begins with «1.» is a step that is ticked off; `text` takes placeholders.
    """

    key: Key
    title: Title
    stages: list[StageRef] = []
    task_kinds: list[TaskKindRef] = []
    text: Speech


class Article(Part):
    """A page of the knowledge base, in Markdown. `section`: whose shelf it stands on; `roles`: who reads it, all
    without them; `stages`: where the card points to it.
    """

    key: Key
    title: Title
    section: Title
    roles: list[RoleRef] = []
    stages: list[StageRef] = []
    text: str
