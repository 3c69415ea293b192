from typing import Literal

from django.utils.translation import gettext as _

from ..outline import Outline
from ._base import Happening, InFunnels


class DealWon(InFunnels):
    """A deal came to a won stage."""

    event: Literal["deal_won"]
    hears = ("deal.moved",)

    def matches(self, happening: Happening) -> bool:
        return happening.data.get("meaning") == "won" and super().matches(happening)

    def what(self, outline: Outline) -> str:
        return _("When a deal is won")
