from typing import Literal

from django.utils.translation import gettext as _

from ..outline import Outline
from ._base import BaseStep


class DeriveStage(BaseStep):
    """Put the deal on the last stage of its funnel whose `derived` condition it fulfils."""

    do: Literal["derive_stage"]
    changes_deal = True

    def sentence(self, outline: Outline) -> str:
        return _("the stage follows from what is filled in")
