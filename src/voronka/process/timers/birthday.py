"""Birthdays of contacts."""

from calendar import isleap
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from voronka.clients.models import Contact
from voronka.deals.models import Deal

from ..models import Firing
from ..schema import Rule
from ..triggers import Birthday
from ._base import Due, Look, Timer

_DAY = timedelta(days=1)


class BirthdayTimer(Timer):
    """Once a year and person; the 29th of February is kept on the 28th in other years."""

    def find(self, rules: Sequence[Rule], look: Look) -> Iterable[Due]:
        for rule in rules:
            for day in self._days(rule, look):
                moment = self._moment(rule, day, look)
                for contact in self._born(rule, day)[: look.limit]:
                    yield Due(
                        rule=rule.key,
                        about=about(contact, day),
                        due_at=moment,
                        company_id=contact.company_id,
                        contact_id=contact.pk,
                    )

    def holds(self, rule: Rule, firing: Firing, deal: Deal | None, look: Look) -> bool:
        contact = firing.contact
        if contact is None or contact.birthday is None:
            return False
        day = (firing.due_at.astimezone(look.zone) + _before(rule)).date()
        return _in_year(contact.birthday, day.year) == day

    def next_at(self, rule: Rule, deal: Deal, look: Look) -> datetime | None:
        """Nearest of the client's people."""
        today = look.now.astimezone(look.zone).date()
        found = Contact.objects.filter(company=deal.company_id, birthday__isnull=False)
        moments = [
            self._moment(rule, _in_year(born, year), look)
            for born in _whose(rule, found).values_list("birthday", flat=True)
            for year in (today.year, today.year + 1)
        ]
        return min((moment for moment in moments if moment > look.now), default=None)

    def _days(self, rule: Rule, look: Look) -> list[date]:
        """Birthdays whose moment has come since the last look, at most a week ago."""
        since = max(look.seen(rule), look.now - 7 * _DAY)
        first = (since.astimezone(look.zone) + _before(rule)).date()
        last = (look.now.astimezone(look.zone) + _before(rule)).date()
        days = [first + number * _DAY for number in range((last - first).days + 1)]
        return [day for day in days if since < self._moment(rule, day, look) <= look.now]

    def _moment(self, rule: Rule, day: date, look: Look) -> datetime:
        return datetime.combine(day, _when(rule).at.time, look.zone) - _before(rule)

    def _born(self, rule: Rule, day: date):
        born = {(day.month, day.day)}
        if (day.month, day.day) == (2, 28) and not isleap(day.year):
            born.add((2, 29))
        found = Contact.objects.none()
        for month, number in born:
            found = found | Contact.objects.filter(birthday__month=month, birthday__day=number)
        return _whose(rule, found).order_by("pk")


def about(contact: Contact, day: date) -> str:
    return f"birthday:{contact.pk}:{day.year}"


def _whose(rule: Rule, found):
    whose = _when(rule).whose
    return found if whose == "anybody" else found.filter(is_child=whose == "children")


def _in_year(born: date, year: int) -> date:
    return (
        born.replace(year=year, day=28)
        if (born.month, born.day) == (2, 29) and not isleap(year)
        else born.replace(year=year)
    )


def _before(rule: Rule) -> timedelta:
    before = _when(rule).before
    return before.delta if before else timedelta()


def _when(rule: Rule) -> Birthday:
    assert isinstance(rule.when, Birthday)
    return rule.when
