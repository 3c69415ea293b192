from typing import Literal

from django.utils.translation import gettext as _

from .. import parts
from ..outline import Outline
from ._base import InFunnels


class CallMissed(InFunnels):
    """A client called and nobody answered."""

    event: Literal["call_missed"]
    hears = ("call.missed",)
    part = parts.TELEPHONY

    def what(self, outline: Outline) -> str:
        return _("When a call is missed")
