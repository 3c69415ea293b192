from typing import Literal

from django.utils.translation import gettext as _

from ..outline import Outline
from ..values import FieldRef
from ._base import InFunnels


class Webhook(InFunnels):
    """Another system called the secret address of this rule. Its payload names the deal.

    `deal`: where in the payload its number stands («order.id»); `phone`: or the client's phone, then it is about the
    client's newest open deal. `fields`: field of the deal → place in the payload, written before the rule runs.
    """

    event: Literal["webhook"]
    deal: str = ""
    phone: str = ""
    fields: dict[FieldRef, str] = {}
    hears = ("rule.knocked",)

    def what(self, outline: Outline) -> str:
        return _("When another system calls the address of this rule")
