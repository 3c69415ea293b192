from typing import Literal

from django.utils.translation import gettext as _
from pydantic import Field

from ..outline import Outline
from ..values import StageRef
from ._base import BaseTrigger, Happening, stage_names


class DealLeftStage(BaseTrigger):
    """A deal went from one of the stages to another."""

    event: Literal["deal_left_stage"]
    stages: list[StageRef] = Field(min_length=1)
    hears = ("deal.moved",)

    def matches(self, happening: Happening) -> bool:
        return happening.left in self.stages

    def sentence(self, outline: Outline) -> str:
        return _("When a deal leaves {stages}").format(stages=stage_names(self.stages, outline))
