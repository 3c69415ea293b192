"""The base as it is compared: cards of people, of companies, of needs. One statement each, in the order of ids."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.db import connection

from voronka.clients.matching import firms, people
from voronka.clients.matching.firms import Firm
from voronka.clients.matching.people import Card
from voronka.kernel import phone

from .needs import Need

Row = TypeVar("Row")

_WAYS = """
    (SELECT array_agg(ARRAY[way.kind, way.value] ORDER BY way.id) FROM clients_identity AS way WHERE {of})
"""
_HOME = "(SELECT home.text FROM clients_address AS home WHERE home.company_id = client.id ORDER BY home.id LIMIT 1)"
_PEOPLE = f"""
    SELECT person.id, client.id, client.kind, person.name, coalesce(person.birthday::text, ''),
        {_WAYS.format(of="way.contact_id = person.id")}, {_HOME}
    FROM clients_contact AS person JOIN clients_company AS client ON client.id = person.company_id
    ORDER BY person.id
"""
_FIRMS = f"""
    SELECT client.id, client.id, client.kind, client.name, paper.inn, paper.kpp,
        {_WAYS.format(of="way.contact_id IN (SELECT id FROM clients_contact WHERE company_id = client.id)")}, {_HOME}
    FROM clients_company AS client
    LEFT JOIN LATERAL (
        SELECT inn, kpp FROM clients_requisites WHERE company_id = client.id ORDER BY id LIMIT 1
    ) AS paper ON true
    WHERE client.kind <> 'family'
    ORDER BY client.id
"""
_NEEDS = """
    SELECT deal.id, deal.company_id, funnel_id, title, amount, fields, created_at::date - DATE '2000-01-01',
        (SELECT array_agg(line.product_id::text) FROM deals_line AS line WHERE line.deal_id = deal.id)
    FROM deals_deal AS deal WHERE closed_at IS NULL AND {which}
    ORDER BY deal.id
"""


@dataclass
class Rows(Generic[Row]):
    """What is compared, side by side: the row's id, its client, whether that is a family, the card."""

    ids: list[int] = field(default_factory=list)
    clients: list[int] = field(default_factory=list)
    families: list[bool] = field(default_factory=list)
    cards: list[Row] = field(default_factory=list)

    def add(self, pk: int, client: int, kind: str, card: Row) -> None:
        self.ids.append(pk)
        self.clients.append(client)
        self.families.append(kind == "family")
        self.cards.append(card)


def read_people() -> Rows[Card]:
    """A phone typed into the name is one of the person's phones."""
    rows: Rows[Card] = Rows()
    for pk, client, kind, name, birthday, ways, home in _read(_PEOPLE):
        card = people.card(name=name, identities=_ways(ways, name), birthday=birthday, address=home or "")
        rows.add(pk, client, kind, card)
    return rows


def read_firms() -> Rows[Firm]:
    rows: Rows[Firm] = Rows()
    for pk, client, kind, name, inn, kpp, ways, home in _read(_FIRMS):
        firm = firms.firm(name=name, inn=inn or "", kpp=kpp or "", identities=_ways(ways), address=home or "")
        rows.add(pk, client, kind, firm)
    return rows


def read_needs(clients: Collection[int] | None = None) -> Rows[Need]:
    """Open deals, of these clients or of all."""
    rows: Rows[Need] = Rows()
    which = "true" if clients is None else "company_id = ANY(%s::bigint[])"
    told = [] if clients is None else [list(clients)]
    for pk, client, funnel, title, amount, fields, day, goods in _read(_NEEDS.format(which=which), told):
        need = Need.of(
            client=client, funnel=funnel, title=title, amount=amount, fields=fields, day=day, goods=goods or ()
        )
        rows.add(pk, client, "", need)
    return rows


def _ways(ways: Sequence[Sequence[str]] | None, name: str = "") -> list[tuple[str, str]]:
    known = [(kind, value) for kind, value in ways or ()]
    typed = [("phone", number) for number in phone.find(name)] if any(map(str.isdigit, name)) else []
    return list(dict.fromkeys([*known, *typed]))


def _read(statement: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        while rows := cursor.fetchmany(5_000):
            yield from rows
