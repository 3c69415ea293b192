from typing import Literal

from django.utils.translation import gettext as _

from .. import parts
from ..outline import Outline
from ._base import BaseStep


class SendPaymentLink(BaseStep):
    """Send the client a link to pay the deal. Declared here; the payments do it when they are at work."""

    do: Literal["send_payment_link"]
    part = parts.PAYMENTS

    def sentence(self, outline: Outline) -> str:
        return _("the client gets a link to pay")
