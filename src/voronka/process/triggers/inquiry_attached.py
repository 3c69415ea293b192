from typing import Literal

from django.utils.translation import gettext as _

from ..outline import Outline
from ._base import InFunnels


class InquiryAttached(InFunnels):
    """A client with an open deal asked again."""

    event: Literal["inquiry_attached"]
    hears = ("inquiry.attached",)

    def what(self, outline: Outline) -> str:
        return _("When a client with an open deal asks again")
