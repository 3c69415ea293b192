from typing import Literal

from django.utils.translation import gettext as _

from ..outline import Outline
from ..values import Clock, Duration
from ._base import CLIENT
from ._timed import TimedTrigger


class NoInteraction(TimedTrigger):
    """Nothing has been said with a client for `after`, then again each `every`. The rule is about the client."""

    event: Literal["no_interaction"]
    after: Duration
    every: Duration | None = None
    clock: Clock | None = None

    @property
    def subject(self) -> str:
        return CLIENT

    def sentence(self, outline: Outline) -> str:
        return _("If nothing was said with a client for {time}").format(time=self.after.words)

    def cancels(self) -> str:
        return _("not if the client or we say something before")
