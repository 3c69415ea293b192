from typing import Literal

from django.utils.translation import gettext as _
from pydantic import Field

from voronka.deals.models import Deal

from ..outline import Outline
from ..values import Clock, Duration, StageRef
from ._base import stage_names
from ._timed import TimedTrigger


class StageTime(TimedTrigger):
    """A deal has been on one of the stages for `after`, then again each `every`, until it leaves.

    `until: taken` stops it also when somebody takes the deal. Time is counted in the funnel's calendar unless `clock`
    says otherwise.
    """

    event: Literal["stage_time"]
    stages: list[StageRef] = Field(min_length=1)
    after: Duration
    every: Duration | None = None
    until: Literal["left", "taken"] = "left"
    clock: Clock | None = None

    def applies(self, deal: Deal) -> bool:
        """Whether the clock still runs for a deal on one of the stages."""
        return self.until != "taken" or deal.taken_at is None

    def sentence(self, outline: Outline) -> str:
        names = stage_names(self.stages, outline)
        text = _("If after {time} a deal is still on {stages}").format(time=self.after.words, stages=names)
        if self.until == "taken":
            text = _("{text} and nobody has taken it").format(text=text)
        if self.every:
            text = _("{text}, again every {time}").format(text=text, time=self.every.words)
        return text

    def cancels(self) -> str:
        if self.until == "taken":
            return _("not if somebody takes the deal")
        return _("not if the deal leaves the stage before")
