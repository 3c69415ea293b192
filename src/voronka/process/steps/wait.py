from typing import Annotated, Literal

from django.utils.translation import gettext as _
from pydantic import Field, model_validator

from ..outline import Outline
from ..triggers._timed import shift_words
from ..values import FIELD, Clock, Due, Duration
from ._base import BaseStep, Work

Cancel = Literal["left_stage", "closed", "taken", "reassigned", "answered", "task_done"]


class Wait(BaseStep):
    """What follows is done later: after `for`, or `until` a moment by a date field, which moves with the field.

    `unless`: facts that cancel it: the deal left its stage, was closed, taken, handed over, the client was spoken with,
    a task of it was done. The condition of the rule is asked again then.
    """

    do: Literal["wait"]
    for_: Annotated[Duration | None, Field(alias="for")] = None
    until: Due | None = None
    clock: Clock | None = None
    unless: list[Cancel] = ["closed"]

    @model_validator(mode="after")
    def says_how_long(self) -> "Wait":
        if (self.for_ is None) == (self.until is None):
            raise ValueError(_("Say how long: either «for» or «until»."))
        return self

    def run(self, work: Work) -> None:
        """The engine stops here and keeps the rest: see `process.waits`."""

    def sentence(self, outline: Outline) -> str:
        if self.for_:
            text = _("{time} later").format(time=self.for_.words)
        else:
            assert self.until
            text = shift_words(self.until, outline.quoted(FIELD, self.until.field))
        return _("{text} ({unless})").format(text=text, unless=self.cancels()) if self.unless else text

    def cancels(self) -> str:
        words = {
            "left_stage": _("the deal leaves the stage"),
            "closed": _("the deal is closed"),
            "taken": _("somebody takes the deal"),
            "reassigned": _("the deal is handed over"),
            "answered": _("something is said with the client"),
            "task_done": _("a task of the deal is done"),
        }
        return _("not if {facts}").format(facts=_(" or ").join(words[one] for one in self.unless))
