from typing import Literal

from django.utils.translation import gettext as _

from .. import parts
from ..outline import Outline
from ..values import Key
from ._base import BaseStep


class StartSurvey(BaseStep):
    """Ask the client for a score. Declared here; the surveys do it when they are at work."""

    do: Literal["start_survey"]
    survey: Key = "nps"
    needs = "client"
    part = parts.SURVEYS

    def sentence(self, outline: Outline) -> str:
        return _("the client is asked for a score")
