"""The list of clients: by name, by what was typed, by kind; its pages go on from the last row."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from voronka.clients.filters import kind_options
from voronka.clients.models import Company, Contact, Identity
from voronka.clients.search import Found, find
from voronka.deals.models import Deal
from voronka.kernel.filters import EVERYTHING, Tree, base, dump, parse, where
from voronka.kernel.sorting import by_name
from voronka.staff.filters import scope_of
from voronka.staff.models import Person
from voronka.web import formats
from voronka.web.requests import PersonRequest

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Row:
    id: int
    name: str
    kind: str
    people: str
    phone: str
    phone_text: str
    open_deals: int
    won: int
    won_sum: Any
    last_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the address asks: text, kind, the literal reading of a text in the other layout, a filter."""

    text: str
    kind: str
    literal: bool
    tree: Tree = EVERYTHING

    @classmethod
    def read(cls, request: PersonRequest) -> "Asked":
        """Raises FilterError."""
        kind = request.GET.get("kind", "")
        return cls(
            text=request.GET.get("q", "").strip(),
            kind=kind if kind in Company.Kind.values else "",
            literal="literal" in request.GET,
            tree=parse(request.GET.get("filter", ""), base("clients")),
        )

    @property
    def filter_text(self) -> str:
        return dump(self.tree)

    def url(self, **changes: str) -> str:
        facts = {
            "q": self.text,
            "kind": self.kind,
            "literal": "1" if self.literal else "",
            "filter": self.filter_text,
        } | changes
        query = urlencode({key: value for key, value in facts.items() if value})
        return f"{reverse('clients')}?{query}" if query else reverse("clients")


def search(person: Person, asked: Asked) -> tuple[QuerySet[Company], Found | None]:
    """All the person may see, or those that match."""
    if not asked.text:
        return _narrowed(Company.objects.visible_to(person), asked, person), None
    found = find(person, asked.text, literal=asked.literal)
    return _narrowed(found.rows, asked, person), found


def _narrowed(rows: QuerySet[Company], asked: Asked, person: Person) -> QuerySet[Company]:
    return rows if asked.tree == EVERYTHING else rows.filter(where(asked.tree, base("clients"), scope_of(person)))


def chips(asked: Asked, rows: QuerySet[Company]) -> list[dict[str, Any]]:
    """How many of each kind, in one query; each figure opens its clients, together they are the whole."""
    counts = dict(rows.order_by().values_list("kind").annotate(Count("pk")))
    titles = {"": _("All clients"), "family": _("Families"), "legal": _("Companies"), "proprietor": _("Proprietors")}
    return [
        {
            "title": title,
            "count": counts.get(key, 0) if key else sum(counts.values()),
            "url": asked.url(kind=key),
            "current": key == asked.kind,
            "tone": "",
        }
        for key, title in titles.items()
    ]


def page_of(rows: QuerySet[Company], *, after: str = "", size: int = PAGE) -> tuple[list, str]:
    """Clients by name after a cursor, and the cursor of the next page."""
    rows = rows.annotate(sorted_by=by_name("name"))
    if after:
        last = _read(after)
        if last is None:
            return [], ""
        rows = rows.filter(Q(sorted_by__gte=last[0]) & (Q(sorted_by__gt=last[0]) | Q(id__gt=last[1])))
    found = list(rows.order_by("sorted_by", "id")[: size + 1])
    more = json.dumps([found[size - 1].sorted_by, found[size - 1].pk]) if len(found) > size else ""
    return found[:size], more


def rows_of(companies: list[Company], person: Person) -> list[Row]:
    """Rows in three queries: people, their phones, deals that this person sees."""
    ids = [company.pk for company in companies]
    people: dict[int, list[str]] = {}
    for company_id, name in (
        Contact.objects.filter(company_id__in=ids, is_child=False).order_by("id").values_list("company_id", "name")
    ):
        people.setdefault(company_id, []).append(name)
    phones: dict[int, str] = {}
    reached = Identity.objects.filter(contact__company_id__in=ids, kind=Identity.Kind.PHONE)
    for company_id, value in reached.order_by("-id").values_list("contact__company_id", "value"):
        phones[company_id] = value
    deals = {row["company_id"]: row for row in _deals(ids, person)}
    kinds = dict(kind_options())
    return [
        Row(
            id=company.pk,
            name=company.name,
            kind=str(kinds.get(company.kind, "")) if company.kind != Company.Kind.FAMILY else "",
            people=", ".join(name for name in people.get(company.pk, []) if name != company.name),
            phone=phones.get(company.pk, ""),
            phone_text=formats.phone(phones.get(company.pk, "")),
            open_deals=deals.get(company.pk, {}).get("open", 0),
            won=deals.get(company.pk, {}).get("won", 0),
            won_sum=deals.get(company.pk, {}).get("won_sum"),
            last_at=company.last_interaction_at,
        )
        for company in companies
    ]


def _deals(ids: list[int], person: Person) -> QuerySet:
    won = Q(stage__meaning="won")
    return (
        Deal.objects.visible_to(person)
        .filter(company_id__in=ids)
        .order_by()
        .values("company_id")
        .annotate(
            open=Count("pk", filter=Q(closed_at=None)),
            won=Count("pk", filter=won),
            won_sum=Sum("amount", filter=won),
        )
    )


def _read(after: str) -> tuple[str, int] | None:
    try:
        name, pk = json.loads(after)
        name.encode()
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
    good = isinstance(pk, int) and not isinstance(pk, bool) and 0 <= pk < 2**63 and "\x00" not in name
    return (name, pk) if good else None
