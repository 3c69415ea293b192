from datetime import timedelta

from django.utils.translation import gettext as _

from ..outline import Outline
from ..values import Due, Duration
from ._base import BaseTrigger, Happening, InFunnels


class TimedTrigger(BaseTrigger):
    """Fired by `process.ticker` when its time has come, not by an event."""

    def matches(self, happening: Happening) -> bool:
        return False

    def cancels(self) -> str:
        """What makes it not happen."""
        raise NotImplementedError


class TimedInFunnels(TimedTrigger, InFunnels):
    """Fired by time, about a deal of the funnels."""

    def sentence(self, outline: Outline) -> str:
        return InFunnels.sentence(self, outline)


def shift_words(due: Due, field: str) -> str:
    """«1 day before «Visit» at 12:00»."""
    text = _("On {field}").format(field=field)
    if due.shift:
        length = abs(due.shift)
        hours = length.seconds // 3600
        unit = (
            f"{length.days} days" if length.days else f"{hours} hours" if hours else f"{length.seconds // 60} minutes"
        )
        form = _("{time} before {field}") if due.shift < timedelta() else _("{time} after {field}")
        text = form.format(time=Duration(unit).words, field=field)
    return _("{text} at {time}").format(text=text, time=f"{due.clock:%H:%M}") if due.clock else text
