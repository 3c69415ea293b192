"""Clients who live at one address and are not one person: perhaps a family."""

from itertools import groupby
from operator import itemgetter

from django.db import connection

from voronka.clients.normal import addresses

from .finding import Doubt
from .reading import Rows

#: More clients with one flat: a hostel, an office, a mistake.
MOST_AT_HOME = 6
_HOMES = """
    SELECT client.id, home.text FROM clients_company AS client
    JOIN clients_address AS home ON home.company_id = client.id
    WHERE client.kind = 'family' ORDER BY client.id, home.id
"""
#: What is told of such a pair: the address is the same. See `clients.matching.reasons`.
AT_HOME = [("address", 4, 0.0)]


def read_families() -> tuple[Rows[str], list[Doubt]]:
    """Families by their whole address; of those at one address the oldest with each other one."""
    rows: Rows[str] = Rows()
    with connection.cursor() as cursor:
        cursor.execute(_HOMES)
        for client, text in cursor.fetchall():
            home = addresses.read(text)
            if home.street and home.house and home.flat:
                rows.add(client, client, "family", f"{home.town}|{home.street}|{home.house}|{home.flat}")
    doubts = []
    places = sorted(zip(rows.cards, range(len(rows.cards)), strict=True))
    for _home, at_home in groupby(places, key=itemgetter(0)):
        first, *rest = [place for _card, place in at_home]
        rest = [place for place in rest if rows.ids[place] != rows.ids[first]]
        if len(rest) < MOST_AT_HOME:
            doubts += [Doubt(first, place, 0.0, AT_HOME) for place in rest]
    return rows, doubts
