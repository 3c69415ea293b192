from typing import Literal

from django.utils.translation import gettext as _

from .. import parts
from ..outline import Outline
from ._base import InFunnels


class CallAnswered(InFunnels):
    """A call with the client took place."""

    event: Literal["call_answered"]
    hears = ("call.answered",)
    part = parts.TELEPHONY

    def what(self, outline: Outline) -> str:
        return _("When a call is answered")
