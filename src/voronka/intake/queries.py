"""Reads of the ledger, all through its gate: `visible_to(person)`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Max, QuerySet
from django.db.models.functions import TruncDate

from voronka.deals import fields as deal_fields
from voronka.staff.models import Person
from voronka.staff.queries import company_zone

from .bodies import BodyError
from .diagnosis import Diagnosis, diagnosis
from .inquiry import Inquiry
from .models import Entry, Source
from .profiles import PROFILES, NotAnInquiry
from .reading import delivery_of, pairs_of
from .vocabulary import TARGETS

__all__ = [
    "ACCOUNTS",
    "Balance",
    "Diagnosis",
    "Page",
    "Preview",
    "SourceBalance",
    "Tally",
    "address",
    "balance",
    "by_day",
    "diagnosis",
    "entries",
    "entry",
    "entry_inquiry",
    "entry_pairs",
    "form_page",
    "last_received",
    "mapping_targets",
    "preview",
    "raw_body",
    "snippet",
]

ACCOUNTS = tuple(Entry.Account.values)


@dataclass
class Tally:
    """How many entries came to each account; `received` is their sum by construction."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ACCOUNTS, 0))

    def by(self, account: str) -> int:
        return self.counts[account]

    @property
    def received(self) -> int:
        return sum(self.counts.values())

    def add(self, account: str, number: int) -> None:
        self.counts[account] += number

    deal = property(lambda self: self.counts["deal"])
    attached = property(lambda self: self.counts["attached"])
    duplicate = property(lambda self: self.counts["duplicate"])
    spam = property(lambda self: self.counts["spam"])
    rejected = property(lambda self: self.counts["rejected"])
    waiting = property(lambda self: self.counts["waiting"])
    failed = property(lambda self: self.counts["failed"])


@dataclass
class SourceBalance:
    source: Source
    tally: Tally = field(default_factory=Tally)
    last_at: datetime | None = None


@dataclass
class Balance:
    rows: list[SourceBalance]
    total: Tally


@dataclass(frozen=True)
class Page:
    """`next` is the cursor of the page after this one, empty at the end."""

    entries: list[Entry]
    next: str


@dataclass(frozen=True, kw_only=True)
class Preview:
    """How the source's last real delivery reads under a mapping; `problem` when it does not."""

    entry: Entry
    pairs: list[tuple[str, str]]
    inquiry: Inquiry | None = None
    problem: str = ""


# -- balance --------------------------------------------------------------------------------


def balance(person: Person, *, first: date, last: date) -> Balance:
    """Every source with what became of its entries of these days (company's zone). Two queries."""
    sources = Source.objects.visible_to(person).select_related("brand", "location").order_by("title", "pk")
    rows = {source.pk: SourceBalance(source) for source in sources}
    total = Tally()
    grouped = _received(person, first=first, last=last).values("source_id", "account")
    for group in grouped.annotate(number=Count("pk"), last_at=Max("received_at")).order_by():
        row = rows[group["source_id"]]
        row.tally.add(group["account"], group["number"])
        total.add(group["account"], group["number"])
        row.last_at = max(filter(None, (row.last_at, group["last_at"])))
    return Balance(list(rows.values()), total)


def by_day(person: Person, *, first: date, last: date, source: Source | None = None) -> dict[date, Tally]:
    """A tally of each day, also of the empty ones. One query."""
    days = {first + timedelta(days=number): Tally() for number in range((last - first).days + 1)}
    received = _received(person, first=first, last=last)
    if source is not None:
        received = received.filter(source=source)
    grouped = received.annotate(day=TruncDate("received_at", tzinfo=company_zone())).values("day", "account")
    for group in grouped.annotate(number=Count("pk")).order_by():
        days[group["day"]].add(group["account"], group["number"])
    return days


def last_received(person: Person) -> datetime | None:
    return Entry.objects.visible_to(person).order_by("-received_at").values_list("received_at", flat=True).first()


def _received(person: Person, *, first: date | None, last: date | None) -> QuerySet[Entry]:
    entries, zone = Entry.objects.visible_to(person), company_zone()
    if first:
        entries = entries.filter(received_at__gte=datetime.combine(first, time.min, zone))
    if last:
        entries = entries.filter(received_at__lt=datetime.combine(last + timedelta(days=1), time.min, zone))
    return entries


# -- entries --------------------------------------------------------------------------------


def entries(
    person: Person,
    *,
    account: str = "",
    source_id: int | None = None,
    first: date | None = None,
    last: date | None = None,
    after: str = "",
    limit: int = 50,
) -> Page:
    """Newest first, without their bodies. `after`: the `next` of the page before; a wrong one starts anew."""
    found = _received(person, first=first, last=last).select_related("source", "deal__stage").defer("body")
    if account:
        found = found.filter(account=account)
    if source_id:
        found = found.filter(source_id=source_id)
    if cursor := _cursor(after):
        found = found.extra(where=["(intake_entry.received_at, intake_entry.id) < (%s, %s)"], params=cursor)
    rows = list(found.order_by("-received_at", "-pk")[: limit + 1])
    more = len(rows) > limit
    rows = rows[:limit]
    return Page(rows, f"{rows[-1].received_at.isoformat()}~{rows[-1].pk}" if more else "")


def entry(person: Person, pk: int) -> Entry:
    """One entry, whole. Raises Entry.DoesNotExist."""
    return Entry.objects.visible_to(person).select_related("source", "deal", "duplicate_of").get(pk=pk)


def _cursor(text: str) -> list[object] | None:
    at, _sign, number = text.partition("~")
    try:
        return [datetime.fromisoformat(at), int(number)] if at and len(number) < 19 else None
    except ValueError:
        return None


def entry_pairs(entry: Entry) -> list[tuple[str, str]]:
    """What arrived, decoded, in order; the raw text when it can't be read."""
    return pairs_of(entry, PROFILES[entry.source.profile])


def entry_inquiry(entry: Entry) -> Inquiry | None:
    """What it was understood as, when it was."""
    return Inquiry.model_validate(entry.parsed) if entry.parsed is not None else None


def raw_body(entry: Entry, limit: int = 20_000) -> str:
    return bytes(entry.body)[:limit].decode("utf-8", "replace")


# -- mapping --------------------------------------------------------------------------------


def mapping_targets() -> list[tuple[str, str]]:
    """What an incoming field may be: (target, title)."""
    declared = [(f"deal.{key}", str(spec.title)) for key, spec in deal_fields.specs().items() if spec.declared]
    return [(key, str(title)) for key, title in TARGETS.items()] + declared


def preview(source: Source, mapping: Mapping[str, str]) -> Preview | None:
    """The source's last real delivery read under `mapping`; None before the first."""
    real = source.entries.exclude(account__in=(Entry.Account.REJECTED, Entry.Account.SPAM, Entry.Account.DUPLICATE))
    last = real.order_by("-received_at", "-pk").first()
    if last is None:
        return None
    last.source = source
    try:
        inquiry = PROFILES[source.profile].parse(delivery_of(last), mapping)
    except (BodyError, NotAnInquiry) as problem:
        return Preview(entry=last, pairs=entry_pairs(last), problem=str(problem))
    return Preview(entry=last, pairs=entry_pairs(last), inquiry=inquiry)


# -- addresses ------------------------------------------------------------------------------


def address(source: Source, base_url: str) -> str:
    return f"{base_url.rstrip('/')}/in/{source.key}"


def form_page(source: Source, base_url: str) -> str:
    return f"{address(source, base_url)}/form"


def snippet(source: Source, base_url: str) -> str:
    """The tag to paste into a page."""
    return f'<script src="{address(source, base_url)}/form.js" async></script>'
