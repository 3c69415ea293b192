from typing import Literal

from django.utils.translation import gettext as _
from pydantic import Field

from voronka.deals.models import Deal

from ..outline import Outline
from ..values import STAGE, StageRef
from ._base import BaseTrigger, Happening


class DealEnteredStage(BaseTrigger):
    """A deal came to one of the stages, also when it was made there."""

    event: Literal["deal_entered_stage"]
    stages: list[StageRef] = Field(min_length=1)
    hears = ("deal.created", "deal.moved")

    def matches(self, happening: Happening) -> bool:
        return happening.stage in self.stages

    def holds(self, deal: Deal, happening: Happening) -> bool:
        return deal.stage_id == happening.stage_id

    def sentence(self, outline: Outline) -> str:
        names = _(" or ").join(dict.fromkeys(outline.quoted(STAGE, ref) for ref in self.stages))
        return _("When a deal comes to {stages}").format(stages=names)
