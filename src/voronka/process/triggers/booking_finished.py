from typing import Literal

from django.utils.translation import gettext as _

from .. import parts
from ..outline import Outline
from ._base import InFunnels


class BookingFinished(InFunnels):
    """What was booked in the deal took place."""

    event: Literal["booking_finished"]
    hears = ("booking.finished",)
    part = parts.BOOKINGS

    def what(self, outline: Outline) -> str:
        return _("When what was booked is over")
