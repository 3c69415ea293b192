from typing import Literal

from django.utils.translation import gettext as _

from .. import parts
from ..outline import Outline
from ..values import Clock, Duration
from ._timed import TimedInFunnels


class MessageUnanswered(TimedInFunnels):
    """The client wrote and nobody has answered for `after`, then again each `every`."""

    event: Literal["message_unanswered"]
    after: Duration
    every: Duration | None = None
    clock: Clock | None = None
    part = parts.INBOX

    def what(self, outline: Outline) -> str:
        return _("If a message is not answered for {time}").format(time=self.after.words)

    def cancels(self) -> str:
        return _("not if somebody answers before")
