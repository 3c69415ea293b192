"""Reminders in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .forms import REMIND


def reminders() -> list[tuple[str, str]]:
    """What to choose from: minutes before as the form has them, and how people say it."""
    return [("", _("Do not remind")), *((str(one), before(one)) for one in REMIND)]


def before(minutes: int) -> str:
    if minutes == 0:
        return _("At the time")
    if minutes % 1440 == 0:
        return ngettext("%(num)s day before", "%(num)s days before", minutes // 1440) % {"num": minutes // 1440}
    if minutes % 60 == 0:
        return ngettext("%(num)s hour before", "%(num)s hours before", minutes // 60) % {"num": minutes // 60}
    return ngettext("%(num)s minute before", "%(num)s minutes before", minutes) % {"num": minutes}
