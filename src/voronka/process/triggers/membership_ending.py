from typing import Literal

from django.utils.translation import gettext as _

from .. import parts
from ..outline import Outline
from ._base import InFunnels


class MembershipEnding(InFunnels):
    """A membership of the client is about to end, as the memberships module tells."""

    event: Literal["membership_ending"]
    hears = ("membership.ending",)
    part = parts.MEMBERSHIPS

    def what(self, outline: Outline) -> str:
        return _("When a membership is about to end")
