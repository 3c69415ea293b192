"""How many rows each tag hangs on, as far as somebody sees them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from voronka.kernel.access import EVERYTHING, Reach

from .models import Tag

#: So many are counted one by one.
MANY = 10_000

_COUNTS = """
    SELECT tag.key, (SELECT count(*) FROM (
        SELECT 1 FROM {table} AS held
        WHERE held.tags && tag.keys AND (%(all)s::bool OR held.audience && %(reach)s::text[])
        LIMIT %(most)s) AS found)
    FROM (SELECT key, array_agg(one) AS keys FROM unnest(%(keys)s::text[], %(ones)s::text[]) AS given(key, one)
        GROUP BY key) AS tag
"""


@dataclass(frozen=True, kw_only=True)
class Counted:
    """A tag with those that were merged into it. Counts stop beyond MANY."""

    tag: Tag
    merged: Sequence[Tag]
    deals: int
    clients: int


def counted_tags(who: Reach, *, active: bool) -> list[Counted]:
    """In order of titles. Three queries."""
    rows = list(Tag.objects.order_by("title"))
    below: dict[int, list[Tag]] = {}
    for tag in rows:
        if tag.merged_into_id:
            below.setdefault(tag.merged_into_id, []).append(tag)
    tags = [tag for tag in rows if tag.is_active == active and tag.merged_into_id is None]
    families = {tag.key: [tag, *_below(tag, below)] for tag in tags}
    deals, clients = (_counts(table, families, who) for table in ("deals_deal", "clients_company"))
    return [
        Counted(tag=tag, merged=families[tag.key][1:], deals=deals.get(tag.key, 0), clients=clients.get(tag.key, 0))
        for tag in sorted(tags, key=lambda tag: tag.title.casefold())
    ]


def _below(tag: Tag, below: Mapping[int, Sequence[Tag]]) -> list[Tag]:
    return [one for child in below.get(tag.pk, ()) for one in (child, *_below(child, below))]


def _counts(table: str, families: Mapping[str, Sequence[Tag]], who: Reach) -> dict[str, int]:
    pairs = [(key, one.key) for key, family in families.items() for one in family]
    facts: dict[str, Any] = {
        "keys": [key for key, _one in pairs],
        "ones": [one for _key, one in pairs],
        "all": EVERYTHING in who.reach,
        "reach": sorted(who.reach),
        "most": MANY + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS.format(table=table), facts)
        return dict(cursor.fetchall())
