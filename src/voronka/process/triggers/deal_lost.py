from typing import Literal

from django.utils.translation import gettext as _

from ..outline import Outline
from ..values import REASON, ReasonRef
from ._base import Happening, InFunnels


class DealLost(InFunnels):
    """A deal came to a lost stage. `reasons`: only when it was lost for one of these."""

    event: Literal["deal_lost"]
    reasons: list[ReasonRef] = []
    hears = ("deal.moved",)

    def matches(self, happening: Happening) -> bool:
        lost = happening.data.get("meaning") == "lost" and super().matches(happening)
        return lost and (not self.reasons or happening.data.get("loss_reason") in self.reasons)

    def what(self, outline: Outline) -> str:
        if not self.reasons:
            return _("When a deal is lost")
        names = _(" or ").join(outline.quoted(REASON, key) for key in self.reasons)
        return _("When a deal is lost because of {reasons}").format(reasons=names)
