from typing import Literal

from django.utils.translation import gettext as _

from ..outline import Outline
from ._base import InFunnels


class DealCreated(InFunnels):
    """A deal was opened, by a person, an inquiry or a rule."""

    event: Literal["deal_created"]
    hears = ("deal.created",)

    def what(self, outline: Outline) -> str:
        return _("When a deal is opened")
