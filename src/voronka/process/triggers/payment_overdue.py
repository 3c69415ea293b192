from typing import Literal

from django.utils.translation import gettext as _

from .. import parts
from ..outline import Outline
from ._base import InFunnels


class PaymentOverdue(InFunnels):
    """A planned payment of the deal did not come in time."""

    event: Literal["payment_overdue"]
    hears = ("payment.overdue",)
    part = parts.PAYMENTS

    def what(self, outline: Outline) -> str:
        return _("When a payment is overdue")
