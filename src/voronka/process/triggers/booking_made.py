from typing import Literal

from django.utils.translation import gettext as _

from .. import parts
from ..outline import Outline
from ._base import InFunnels


class BookingMade(InFunnels):
    """A slot was booked in the deal."""

    event: Literal["booking_made"]
    hears = ("booking.made",)
    part = parts.BOOKINGS

    def what(self, outline: Outline) -> str:
        return _("When a booking is made")
