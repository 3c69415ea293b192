from typing import Literal

from django.utils.translation import gettext as _

from .. import parts
from ..outline import Outline
from ._base import InFunnels


class PaymentExpected(InFunnels):
    """A payment of the deal was planned."""

    event: Literal["payment_expected"]
    hears = ("payment.expected",)
    part = parts.PAYMENTS

    def what(self, outline: Outline) -> str:
        return _("When a payment is planned")
