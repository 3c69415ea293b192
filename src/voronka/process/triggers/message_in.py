from typing import Literal

from django.utils.translation import gettext as _

from .. import parts
from ..outline import Outline
from ._messages import MessageTrigger


class MessageIn(MessageTrigger):
    """The client wrote, in any of the `channels`."""

    event: Literal["message_in"]
    hears = ("message.received",)
    part = parts.INBOX

    def what(self, outline: Outline) -> str:
        return self.by_channels(_("When the client writes"))
