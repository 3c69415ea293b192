from typing import Literal

from django.utils.translation import gettext as _

from .. import parts
from ..outline import Outline
from ._base import InFunnels


class BookingMoved(InFunnels):
    """A booking of the deal got another time or place."""

    event: Literal["booking_moved"]
    hears = ("booking.moved",)
    part = parts.BOOKINGS

    def what(self, outline: Outline) -> str:
        return _("When a booking is moved")
