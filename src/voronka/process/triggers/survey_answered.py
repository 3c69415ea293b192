from typing import Annotated, Literal

from django.utils.translation import gettext as _
from pydantic import Field

from .. import parts
from ..outline import Outline
from ._base import Happening, InFunnels

Score = Annotated[int, Field(ge=0, le=10)]


class SurveyAnswered(InFunnels):
    """The client answered a survey with a score between `lowest` and `highest`."""

    event: Literal["survey_answered"]
    lowest: Score = 0
    highest: Score = 10
    hears = ("survey.answered",)
    part = parts.SURVEYS

    def matches(self, happening: Happening) -> bool:
        score = happening.data.get("score")
        return isinstance(score, int) and self.lowest <= score <= self.highest and super().matches(happening)

    def what(self, outline: Outline) -> str:
        return _("When the client gives a score from {lowest} to {highest}").format(
            lowest=self.lowest, highest=self.highest
        )
