from typing import Literal

from django.utils.translation import gettext as _
from pydantic import Field

from voronka.deals.models import Deal

from ..outline import Outline
from ..values import TASK_KIND, StageRef, TaskKindRef
from ._base import BaseTrigger, Happening, stage_names


class TaskDone(BaseTrigger):
    """A task of one of the kinds is done in a deal. Without `stages`: on any of them."""

    event: Literal["task_done"]
    kinds: list[TaskKindRef] = Field(min_length=1)
    stages: list[StageRef] = []
    hears = ("task.done",)

    def matches(self, happening: Happening) -> bool:
        return happening.data.get("kind") in self.kinds

    def holds(self, deal: Deal, happening: Happening) -> bool:
        return not self.stages or f"{deal.funnel.key}/{deal.stage.key}" in self.stages

    def sentence(self, outline: Outline) -> str:
        kinds = _(" or ").join(outline.quoted(TASK_KIND, key) for key in self.kinds)
        text = _("When a task {kinds} is done").format(kinds=kinds)
        if self.stages:
            names = stage_names(self.stages, outline)
            text = _("{text} on {stages}").format(text=text, stages=names)
        return text
