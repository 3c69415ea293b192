from typing import Literal

from django.utils.translation import gettext as _

from ..outline import Outline
from ._base import Happening, InFunnels


class InquiryArrived(InFunnels):
    """A client asked, by any channel: a deal was opened by it, or it joined an open one. `channels`: only these."""

    event: Literal["inquiry_arrived"]
    channels: list[str] = []
    hears = ("deal.created", "inquiry.attached")

    def matches(self, happening: Happening) -> bool:
        asked = happening.kind == "inquiry.attached" or happening.data.get("source") is not None
        fits = not self.channels or happening.data.get("channel") in self.channels
        return asked and fits and super().matches(happening)

    def what(self, outline: Outline) -> str:
        if not self.channels:
            return _("When an inquiry arrives")
        return _("When an inquiry arrives by {channels}").format(channels=_(" or ").join(self.channels))
