from typing import Literal

from django.utils.translation import gettext as _
from pydantic import Field

from voronka.deals.models import Deal

from ..outline import Outline
from ..values import StageRef
from ._base import BaseTrigger, Happening, stage_names


class DealEnteredStage(BaseTrigger):
    """A deal came to one of the stages, also when it was made there."""

    event: Literal["deal_entered_stage"]
    stages: list[StageRef] = Field(min_length=1)
    hears = ("deal.created", "deal.moved")

    def may_hear(self, funnel: str, stage: str) -> bool:
        return stage in self.stages

    def matches(self, happening: Happening) -> bool:
        return happening.stage in self.stages

    def holds(self, deal: Deal, happening: Happening) -> bool:
        return deal.stage_id == happening.stage_id

    def sentence(self, outline: Outline) -> str:
        names = stage_names(self.stages, outline)
        return _("When a deal comes to {stages}").format(stages=names)
