from typing import Annotated, Literal

from django.utils.translation import gettext as _
from pydantic import Field

from ..outline import Outline
from ..values import CALENDAR, CalendarRef, Days, TimeOfDay
from ._timed import TimedTrigger

DayOfMonth = Annotated[int, Field(ge=1, le=31)]


class Schedule(TimedTrigger):
    """By the clock of the company: `at` this hour, on these `days` of the week or `dates` of the month.

    `calendar`: only on its working days. `each`: once for every open deal, for every client, or just once; the
    condition of the rule chooses which.
    """

    event: Literal["schedule"]
    at: TimeOfDay
    days: list[Days] = []
    dates: list[DayOfMonth] = []
    calendar: CalendarRef | None = None
    each: Literal["deal", "client", "nothing"] = "nothing"

    @property
    def subject(self) -> str:
        return self.each

    def sentence(self, outline: Outline) -> str:
        when = _("Every day at {time}").format(time=self.at)
        if self.days:
            days = ", ".join(one.words for one in self.days)
            when = _("At {time}: {days}").format(time=self.at, days=days)
        elif self.dates:
            dates = ", ".join(map(str, self.dates))
            when = _("Each month on the {dates} at {time}").format(dates=dates, time=self.at)
        if self.calendar:
            title = outline.quoted(CALENDAR, self.calendar)
            when = _("{when}, on working days of {calendar}").format(when=when, calendar=title)
        which = {"deal": _("for each open deal"), "client": _("for each client"), "nothing": ""}[self.each]
        return f"{when} {which}".strip()

    def cancels(self) -> str:
        return _("not if it does not fit then")
