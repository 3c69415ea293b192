from typing import Literal

from django.utils.translation import gettext as _

from ..outline import Outline
from ..values import FUNNEL, FunnelRef
from ._base import BaseTrigger, Happening


class InquiryAttached(BaseTrigger):
    """A client with an open deal asked again. Without `funnels`: in any of them."""

    event: Literal["inquiry_attached"]
    funnels: list[FunnelRef] = []
    hears = ("inquiry.attached",)

    def matches(self, happening: Happening) -> bool:
        return not self.funnels or happening.funnel in self.funnels

    def sentence(self, outline: Outline) -> str:
        if not self.funnels:
            return _("When a client with an open deal asks again")
        names = _(" or ").join(outline.quoted(FUNNEL, key) for key in self.funnels)
        return _("When a client with an open deal in {funnels} asks again").format(funnels=names)
