"""Where one is in the ledger: day, and whose entries of which account. All of it stands in the address."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from voronka.intake.queries import ACCOUNTS

DAYS = 7
EARLIEST = date(2000, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Place:
    """`source` 0 is all; `account` «» is all of them; `listed`: the entries are asked for, not only the balance."""

    today: date
    day: date
    source: int = 0
    account: str = ""
    after: str = ""
    listed: bool = False

    @classmethod
    def of(cls, query: QueryDict, today: date) -> "Place":
        source, account = query.get("source", ""), query.get("account", "")
        return cls(
            today=today,
            day=_day(query.get("day", ""), today),
            source=int(source) if source.isascii() and source.isdigit() and len(source) < 10 else 0,
            account=account if account in ACCOUNTS else "",
            after=query.get("after", ""),
            listed=account in (*ACCOUNTS, "all"),
        )

    @property
    def first(self) -> date:
        """First day of the strip: it ends today, or at an older day that was asked for."""
        return self.last - timedelta(days=DAYS - 1)

    @property
    def last(self) -> date:
        return self.today if self.today - self.day < timedelta(days=DAYS) else self.day

    def url(self, **changes: object) -> str:
        """The address of this place, changed."""
        return _address(reverse("ledger"), replace(self, after="", **changes))  # type: ignore[arg-type]

    def entries(self, *, account: str = "", source: int = 0, day: date | None = None) -> str:
        """The address of the entries behind a figure."""
        return self.url(account=account, source=source, day=day or self.day, listed=True)

    def entry(self, pk: int) -> str:
        return _address(reverse("ledger-entry", args=[pk]), replace(self, after=""))

    @property
    def closed(self) -> str:
        return self.url(account="", source=0, listed=False)


def _address(path: str, place: Place) -> str:
    query: dict[str, object] = {}
    if place.day != place.today:
        query["day"] = place.day.isoformat()
    if place.source:
        query["source"] = place.source
    if place.listed:
        query["account"] = place.account or "all"
    return path + (f"?{urlencode(query)}" if query else "")


def _day(text: str, today: date) -> date:
    try:
        return min(max(date.fromisoformat(text), EARLIEST), today)
    except ValueError:
        return today
