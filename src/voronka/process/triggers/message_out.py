from typing import Literal

from django.utils.translation import gettext as _

from ..outline import Outline
from ._messages import MessageTrigger


class MessageOut(MessageTrigger):
    """We wrote to the client, by hand or by a rule, in any of the `channels`."""

    event: Literal["message_out"]
    hears = ("message.sent",)

    def what(self, outline: Outline) -> str:
        return self.by_channels(_("When a message goes to the client"))
