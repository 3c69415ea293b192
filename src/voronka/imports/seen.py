"""What is known of clients that the rows of a chunk may be: read from the base for all of them at once, joined by what
earlier rows make. The rule is the one of entry: phone before e-mail before the rest, of several the one so named.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from voronka.clients.matching.people import names_fit
from voronka.clients.models import Company, Contact, Identity
from voronka.clients.normal.names import read as read_name
from voronka.clients.queries import nearest, so_named
from voronka.clients.tags import known_tags, shown
from voronka.deals.models import Deal
from voronka.kernel import access

from .draft import Draft
from .models import Link
from .settings import Settings

Key = tuple[str, str]


@dataclass(eq=False, kw_only=True)
class _Seen:
    """`id`: None until it is written. `made_by`: the row that makes it."""

    name: str
    id: int | None = None
    made_by: int = 0

    @property
    def pk(self) -> int:
        """Of one that is written."""
        assert self.id is not None
        return self.id


@dataclass(eq=False, kw_only=True)
class SeenCompany(_Seen):
    """`tags` are titles; `addresses` are in lower case."""

    kind: str
    comment: str = ""
    tags: list[str] = field(default_factory=list)
    audience: list[str] = field(default_factory=list)
    addresses: set[str] = field(default_factory=set)
    inns: set[str] = field(default_factory=set)


@dataclass(eq=False, kw_only=True)
class SeenContact(_Seen):
    company: SeenCompany
    position: str = ""
    birthday: date | None = None
    ways: set[Key] = field(default_factory=set)

    @property
    def order(self) -> tuple[int, int]:
        """Age: those of the base first, then those of the file in its order."""
        return (0, self.id) if self.id else (1, self.made_by)


class Known:
    """By every key of a row: who it may be. `remember` keeps what rows make for the rows after them."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.contacts: dict[Key, list[SeenContact]] = {}
        self.companies: dict[Key, SeenCompany] = {}
        self.deals: dict[str, tuple[int, SeenCompany]] = {}
        self._made: dict[Key, list[SeenContact]] = {}
        self._made_companies: dict[Key, SeenCompany] = {}

    def load(self, drafts: Sequence[Draft], *, lock: bool) -> None:
        """Forget what was of the base and read what this chunk may meet; what the file has made stays. `lock`: till the
        end of the transaction nobody else changes these clients.
        """
        self.contacts, self.companies, self.deals = {}, {}, {}
        found = _Loaded(lock)
        for key, pk in _links(self.settings.system, drafts):
            found.wanted(key, pk)
        for kind, value, pk in _identities(drafts):
            found.contact_keys.setdefault(pk, []).append((kind, value))
        for key, pk in [*_by_inn(drafts), *_by_name(drafts)]:
            found.company_keys.setdefault(pk, []).append(key)
        self.contacts, self.companies, self.deals = found.read()
        for key, made in _among(self._made, drafts):
            self.contacts.setdefault(key, []).extend(made)
        for key in _company_keys(drafts):
            if key in self._made_companies:
                self.companies.setdefault(key, self._made_companies[key])

    def remember(self, contact: SeenContact | None, company: SeenCompany, draft: Draft, *, beyond: bool) -> None:
        """Rows that follow meet them; `beyond` this chunk, too, since nothing is written."""
        shelves = [(self.contacts, self.companies)] + ([(self._made, self._made_companies)] if beyond else [])
        for contacts, companies in shelves:
            if contact:
                for key in [*contact.ways, *_external(draft, "contact")]:
                    row = contacts.setdefault(key, [])
                    if contact not in row:
                        row.append(contact)
            for key in _company_keys([draft]):
                companies.setdefault(key, company)

    def has(self, key: Key) -> bool:
        """Whether it is anybody's: a known client learns only what nobody else has."""
        return bool(self._at(key))

    def contact_of(self, draft: Draft) -> SeenContact | None:
        """Who the row is, if anybody: by its external id, else as an inquiry would be met."""
        keys = self.settings.keys
        if "external" in keys and (same := [one for key in _external(draft, "contact") for one in self._at(key)]):
            return same[0]
        found = [
            (kind, one)
            for kind, value, _raw in draft.identities
            if (kind if kind in ("phone", "email") else "messenger") in keys
            for one in self._at((kind, value))
        ]
        sharing = sorted(set(nearest(found)), key=lambda one: one.order)
        return so_named(sharing, draft.name) if sharing else None

    def company_of(self, draft: Draft) -> SeenCompany | None:
        wanted = [key for key in _company_keys([draft]) if key[0] in self.settings.keys]
        return next((self.companies[key] for key in wanted if key in self.companies), None)

    def _at(self, key: Key) -> list[SeenContact]:
        return self.contacts.get(key, [])


def is_somebody_else(draft: Draft, contact: SeenContact) -> bool:
    """Whether the row, although it shares a phone with the contact, is another person: a husband, a child."""
    return bool(draft.name) and names_fit(read_name(draft.name), read_name(contact.name)) == 0


def may_touch(reach: frozenset[str] | None, company: SeenCompany) -> bool:
    return company.id is None or reach is None or access.sees(reach, company.audience)


class _Loaded:
    """Ids that the keys lead to, then everything about them in a few queries."""

    def __init__(self, lock: bool) -> None:
        self.lock = lock
        self.contact_keys: dict[int, list[Key]] = {}
        self.company_keys: dict[int, list[Key]] = {}
        self.deals: dict[str, int] = {}

    def wanted(self, key: Key, pk: int) -> None:
        kind, value = key
        if kind == "deal":
            self.deals[value] = pk
        elif kind == "contact":
            self.contact_keys.setdefault(pk, []).append(("external", value))
        else:
            self.company_keys.setdefault(pk, []).append(("external", value))

    def read(
        self,
    ) -> tuple[dict[Key, list[SeenContact]], dict[Key, SeenCompany], dict[str, tuple[int, SeenCompany]]]:
        of_contacts = Contact.objects.filter(pk__in=self.contact_keys)
        homes = set(of_contacts.values_list("company_id", flat=True)) if self.contact_keys else set()
        of_deals = (
            dict(Deal.objects.filter(pk__in=self.deals.values()).values_list("pk", "company_id")) if self.deals else {}
        )
        companies = _companies(homes | set(self.company_keys) | set(of_deals.values()), lock=self.lock)
        rows = of_contacts.filter(company__in=companies).values_list("pk", "company_id", "name", "position", "birthday")
        ways: dict[int, set[Key]] = {}
        for pk, kind, value in Identity.objects.filter(contact__in=self.contact_keys).values_list(
            "contact_id", "kind", "value"
        ):
            ways.setdefault(pk, set()).add((kind, value))
        contacts: dict[Key, list[SeenContact]] = {}
        for pk, company, name, position, birthday in rows if companies else ():
            one = SeenContact(
                company=companies[company],
                name=name,
                id=pk,
                position=position,
                birthday=birthday,
                ways=ways.get(pk, set()),
            )
            for key in self.contact_keys[pk]:
                contacts.setdefault(key, []).append(one)
        by_key = {key: companies[pk] for pk, keys in self.company_keys.items() for key in keys if pk in companies}
        deals = {key: (pk, companies[of_deals[pk]]) for key, pk in self.deals.items() if pk in of_deals}
        return contacts, by_key, deals


def _companies(ids: Collection[int], *, lock: bool) -> dict[int, SeenCompany]:
    if not ids:
        return {}
    rows, titles = Company.objects.filter(pk__in=ids).order_by("pk"), known_tags()
    found = {
        pk: SeenCompany(
            kind=kind,
            name=name,
            id=pk,
            comment=comment,
            tags=[tag.title for tag in shown(tags, titles)],
            audience=audience,
        )
        for pk, kind, name, comment, tags, audience in (rows.select_for_update() if lock else rows).values_list(
            "pk", "kind", "name", "comment", "tags", "audience"
        )
    }
    wanted = list(found)
    for pk, text, inn in _rows(_DETAILS, [wanted, wanted]):
        if inn:
            found[pk].inns.add(inn)
        else:
            found[pk].addresses.add(text.casefold())
    return found


def _identities(drafts: Sequence[Draft]) -> Iterable[tuple[str, str, int]]:
    wanted = {(kind, value) for draft in drafts for kind, value, _raw in draft.identities}
    if not wanted:
        return ()
    kinds, values = zip(*wanted, strict=True)
    return _rows(_IDENTITIES, [list(kinds), list(values)])


def _links(system: str, drafts: Sequence[Draft]) -> Iterable[tuple[Key, int]]:
    wanted = {(kind, key) for draft in drafts for kind, key in draft.external.items()}
    if wanted:
        kinds = {kind for kind, _key in wanted}
        keys = {key for _kind, key in wanted}
        for kind, key, row in Link.objects.filter(system=system, kind__in=kinds, key__in=keys).values_list(
            "kind", "key", "row"
        ):
            yield (kind, key), row


def _by_inn(drafts: Sequence[Draft]) -> list[tuple[Key, int]]:
    wanted = {draft.requisites["inn"] for draft in drafts if draft.requisites.get("inn")}
    return [(("inn", inn), pk) for inn, pk in _rows(_INNS, [list(wanted)])] if wanted else []


def _by_name(drafts: Sequence[Draft]) -> list[tuple[Key, int]]:
    wanted = {_plain(draft.company) for draft in drafts if draft.company}
    return [(("company", name), pk) for name, pk in _rows(_NAMES, [list(wanted)])] if wanted else []


def _company_keys(drafts: Sequence[Draft]) -> Iterable[Key]:
    """In the order of trust."""
    for draft in drafts:
        yield from _external(draft, "company")
        if number := draft.requisites.get("inn"):
            yield "inn", number
        if draft.company:
            yield "company", _plain(draft.company)


def _external(draft: Draft, kind: str) -> list[Key]:
    return [("external", draft.external[kind])] if kind in draft.external else []


def _contact_keys(draft: Draft) -> list[Key]:
    return [*((kind, value) for kind, value, _raw in draft.identities), *_external(draft, "contact")]


def _among(made: dict[Key, list[SeenContact]], drafts: Sequence[Draft]) -> Iterable[tuple[Key, list[SeenContact]]]:
    for key in {key for draft in drafts for key in _contact_keys(draft)}:
        if key in made:
            yield key, made[key]


def _plain(name: str) -> str:
    return name.lower().replace("ё", "е")


def _rows(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


_IDENTITIES = """
    SELECT kind, value, contact_id FROM clients_identity JOIN unnest(%s::text[], %s::text[]) AS wanted (kind, value)
    USING (kind, value)
"""
_INNS = """
    SELECT DISTINCT ON (inn) inn, company_id FROM clients_requisites
    WHERE inn <> '' AND inn = ANY(%s::text[]) ORDER BY inn, company_id
"""
_NAMES = """
    SELECT DISTINCT ON (wanted) wanted, company.id FROM unnest(%s::text[]) AS wanted
    JOIN clients_company AS company ON translate(lower(company.name), 'ё', 'е') COLLATE "C" = wanted COLLATE "C"
    WHERE company.kind <> 'family' ORDER BY wanted, company.id
"""
_DETAILS = """
    SELECT company_id, text, '' FROM clients_address WHERE company_id = ANY(%s::bigint[])
    UNION ALL SELECT company_id, '', inn FROM clients_requisites WHERE inn <> '' AND company_id = ANY(%s::bigint[])
"""
