from typing import Literal

from django.utils.translation import gettext as _

from .. import parts
from ..outline import Outline
from ._base import InFunnels


class PaymentReceived(InFunnels):
    """Money of the deal came."""

    event: Literal["payment_received"]
    hears = ("payment.received",)
    part = parts.PAYMENTS

    def what(self, outline: Outline) -> str:
        return _("When a payment is received")
