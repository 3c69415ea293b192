from typing import Literal

from django.utils.translation import gettext as _

from ..outline import Outline
from ._base import InFunnels


class DealTaken(InFunnels):
    """An untaken deal got its first responsible."""

    event: Literal["deal_taken"]
    hears = ("deal.taken",)

    def what(self, outline: Outline) -> str:
        return _("When a deal is taken")
