from typing import Literal

from django.utils.translation import gettext as _

from ..outline import Outline
from ..values import FUNNEL, FunnelRef
from ._base import BaseTrigger, Happening


class DealTaken(BaseTrigger):
    """An untaken deal got its first responsible. Without `funnels`: in any of them."""

    event: Literal["deal_taken"]
    funnels: list[FunnelRef] = []
    hears = ("deal.taken",)

    def matches(self, happening: Happening) -> bool:
        return not self.funnels or happening.funnel in self.funnels

    def sentence(self, outline: Outline) -> str:
        if not self.funnels:
            return _("When a deal is taken")
        names = _(" or ").join(outline.quoted(FUNNEL, key) for key in self.funnels)
        return _("When a deal in {funnels} is taken").format(funnels=names)
