"""What the ledger page shows beside the balance: the strip of days, silent sources, an entry in one line."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Max

from voronka.intake.models import Entry, Source
from voronka.intake.queries import Balance, Tally, by_day, entry_inquiry
from voronka.kernel import clock
from voronka.kernel.access import sees
from voronka.staff.models import Person
from voronka.web.formats import phone

from .place import Place
from .words import COLUMNS

#: So many in a week make a silent day of a source worth a look.
EVERY_DAY = 7


@dataclass(frozen=True)
class Day:
    day: date
    tally: Tally
    url: str
    current: bool

    @property
    def tone(self) -> str:
        if self.tally.failed:
            return "late"
        return "plan" if self.tally.received else ""


def strip(person: Person, place: Place) -> list[Day]:
    """Seven days, one query."""
    tallies = by_day(person, first=place.first, last=place.last)
    return [
        Day(day, tally, place.url(day=day, source=0, account="", listed=False), day == place.day)
        for day, tally in tallies.items()
    ]


def adds_up(balance: Balance) -> bool:
    """Whether the seven accounts of the sources make what was received."""
    rows = sum(row.tally.received for row in balance.rows)
    return rows == balance.total.received == sum(balance.total.by(account) for account in COLUMNS)


@dataclass(frozen=True)
class Silent:
    """A source that sends every day and has been silent for one. `usual`: how many a day, over the week before."""

    source: Source
    usual: int
    last_at: datetime


def silent_sources(person: Person, balance: Balance) -> list[Silent]:
    """One query. Nobody is expected to walk in."""
    known = {row.source.pk: row.source for row in balance.rows if row.source.is_active}
    known = {pk: source for pk, source in known.items() if source.profile != "manual"}
    now = clock.now()
    recent = Entry.objects.visible_to(person).filter(source_id__in=known, received_at__gte=now - timedelta(days=8))
    found = recent.values("source_id").annotate(number=Count("pk"), last_at=Max("received_at")).order_by("-number")
    return [
        Silent(known[row["source_id"]], round(row["number"] / 7), row["last_at"])
        for row in found
        if row["number"] >= EVERY_DAY and row["last_at"] < now - timedelta(days=1)
    ]


@dataclass(frozen=True)
class Line:
    """An entry in a list. The deal is named only to those who may see it."""

    entry: Entry
    who: str
    says: str
    deal_id: int | None
    url: str


def lines(entries: list[Entry], *, viewer: Person, place: Place) -> list[Line]:
    return [_line(entry, viewer, place) for entry in entries]


def _line(entry: Entry, viewer: Person, place: Place) -> Line:
    inquiry = entry_inquiry(entry)
    who = says = ""
    if inquiry:
        contacts = [phone(value) for value in inquiry.phones] + inquiry.emails + list(inquiry.handles.values())
        who = inquiry.name or (contacts[0] if contacts else "")
        says = inquiry.text or ", ".join(answer for _question, answer in inquiry.answers)
    return Line(entry, who, entry.reason or says, visible_deal(entry, viewer), place.entry(entry.pk))


def visible_deal(entry: Entry, viewer: Person) -> int | None:
    """The deal of an entry, if this person may see it."""
    return entry.deal_id if entry.deal and sees(viewer.reach, entry.deal.audience) else None
