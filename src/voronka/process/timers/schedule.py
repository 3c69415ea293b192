"""Hours of the company's clock: once, or for each deal or client that fits."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from voronka.clients.models import Company
from voronka.deals.models import Deal
from voronka.kernel.calendars import is_working_day
from voronka.staff.calendars import calendar_of

from ..models import Firing
from ..schema import Rule
from ..triggers import Schedule
from ._base import Due, Look, Timer

_DAY = timedelta(days=1)
#: An hour that was missed by more days is let go: the next one comes.
LATEST = 7


class ScheduleTimer(Timer):
    """Of several missed hours only the latest counts."""

    def find(self, rules: Sequence[Rule], look: Look) -> Iterable[Due]:
        for rule in rules:
            if moment := self._missed(rule, look):
                yield from self._each(rule, moment, look)

    def holds(self, rule: Rule, firing: Firing, deal: Deal | None, look: Look) -> bool:
        return rule.subject != "deal" or (deal is not None and deal.closed_at is None)

    def next_at(self, rule: Rule, deal: Deal, look: Look) -> datetime | None:
        if rule.subject != "deal":
            return None
        today = look.now.astimezone(look.zone).date()
        days = (today + number * _DAY for number in range(32))
        moments = (self._moment(rule, day, look) for day in days if self._is_on(rule, day, look))
        return next((moment for moment in moments if moment > look.now), None)

    def _missed(self, rule: Rule, look: Look) -> datetime | None:
        today = look.now.astimezone(look.zone).date()
        days = (today - number * _DAY for number in range(LATEST + 1))
        moments = (self._moment(rule, day, look) for day in days if self._is_on(rule, day, look))
        return next((moment for moment in moments if look.seen(rule) < moment <= look.now), None)

    def _moment(self, rule: Rule, day: date, look: Look) -> datetime:
        return datetime.combine(day, _when(rule).at.time, look.zone)

    def _is_on(self, rule: Rule, day: date, look: Look) -> bool:
        when = _when(rule)
        if when.days and not any(day.weekday() in days.days for days in when.days):
            return False
        if when.dates and day.day not in when.dates:
            return False
        if when.calendar is None:
            return True
        return is_working_day(day, calendar_of(look.current.process.clock_of("", when.calendar)))

    def _each(self, rule: Rule, moment: datetime, look: Look) -> Iterable[Due]:
        at = f"at:{round(moment.timestamp())}"
        if rule.subject == "nothing":
            yield Due(rule=rule.key, about=at, due_at=moment)
            return
        rows = Deal.objects.filter(closed_at=None) if rule.subject == "deal" else Company.objects.all()
        fits = look.current.fitting(rule, rows).order_by("pk").values_list("pk", flat=True)
        for pk in fits.iterator():
            whose = {"deal_id": pk} if rule.subject == "deal" else {"company_id": pk}
            yield Due(rule=rule.key, about=f"{at}:{pk}", due_at=moment, **whose)


def _when(rule: Rule) -> Schedule:
    assert isinstance(rule.when, Schedule)
    return rule.when
