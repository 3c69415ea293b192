from typing import Literal

from django.utils.translation import gettext as _

from .. import parts
from ..outline import Outline
from ._base import InFunnels


class MembershipEnded(InFunnels):
    """A membership of the client has ended."""

    event: Literal["membership_ended"]
    hears = ("membership.ended",)
    part = parts.MEMBERSHIPS

    def what(self, outline: Outline) -> str:
        return _("When a membership has ended")
