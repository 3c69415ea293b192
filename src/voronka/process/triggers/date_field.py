from typing import Literal

from django.utils.translation import gettext as _

from ..outline import Outline
from ..values import FIELD, Due, StageRef
from ._base import stage_names
from ._timed import TimedInFunnels, shift_words


class DateField(TimedInFunnels):
    """The moment `at`, counted from a date field of an open deal, has come: «1 day before visit_date at 12:00».

    `stages`: only on these. A changed date is a new moment.
    """

    event: Literal["date_field"]
    at: Due
    stages: list[StageRef] = []
    closed: bool = False

    def what(self, outline: Outline) -> str:
        text = shift_words(self.at, outline.quoted(FIELD, self.at.field))
        if self.stages:
            text = _("{text} on {stages}").format(text=text, stages=stage_names(self.stages, outline))
        return text

    def cancels(self) -> str:
        return _("not if the date is changed before")
