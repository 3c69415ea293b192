"""Reads of declared fields: what they hold, what a change would do to it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from voronka.catalogue.models import Product
from voronka.clients.models import Company
from voronka.staff.models import Brand, Location, Person

from .field_conversion import Names, converted
from .field_types import is_kept_form
from .fields import FieldSpec, as_written
from .models import Deal, FieldDef, Funnel, Stage

#: The newest deals that a preview looks into, and the values it shows.
LOOKED, SHOWN = 50_000, 5

_MODELS: Mapping[str, Any] = {
    "person": Person,
    "location": Location,
    "brand": Brand,
    "product": Product,
    "client": Company,
}

_VALUES = """
    SELECT fields -> %(key)s::text, count(*)
    FROM (SELECT fields FROM deals_deal ORDER BY id DESC LIMIT %(most)s) AS newest
    GROUP BY 1 ORDER BY 2 DESC
"""


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a change of type does: `fitting` values are converted, `odd` stay as they were; some of them in words.
    `partly`: there are older deals that were not looked into."""

    fitting: int
    odd: int
    examples: Sequence[str]
    partly: bool = False


def names_of(kind: str, values: Iterable[Any]) -> Names:
    """Names of the rows that these values point to, by id. One query; none for types without rows."""
    if kind not in _MODELS:
        return lambda pk: None
    ids = {value for value in values if is_kept_form(kind, value)}
    return dict(_MODELS[kind].objects.filter(pk__in=ids).values_list("pk", "name")).get


def preview(old: FieldSpec, new: FieldSpec) -> Preview:
    """Of the newest LOOKED deals. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(_VALUES, {"key": old.key, "most": LOOKED})
        rows = cursor.fetchall()
    held = [(json.loads(value), count) for value, count in rows if value is not None]
    names = names_of(old.type, [value for value, _count in held])
    odd = [(value, count) for value, count in held if converted(old, new, value, names=names) is None]
    odd_count = sum(count for _value, count in odd)
    return Preview(
        fitting=sum(count for _value, count in held) - odd_count,
        odd=odd_count,
        examples=[as_written(old, value) for value, _count in odd[:SHOWN]],
        partly=sum(count for _value, count in rows) >= LOOKED,
    )


def option_uses(row: FieldDef) -> dict[str, int]:
    """How many deals hold each choice, by the index of the fields."""
    keys = [key for key, _title in (*row.options, *row.retired_options)]
    return {
        key: Deal.objects.filter(fields__contains={row.key: [key] if row.type == "choices" else key}).count()
        for key in keys
    }


def required_at() -> dict[str, list[Stage]]:
    """Field key → stages that ask for it, in order."""
    stages = Stage.objects.filter(is_active=True, funnel__is_active=True).select_related("funnel")
    found: dict[str, list[Stage]] = {}
    for stage in stages.order_by("funnel__position", "position"):
        for key in stage.required:
            found.setdefault(key, []).append(stage)
    return found


def askable_stages() -> list[tuple[Funnel, list[Stage]]]:
    """Stages that may ask for a field on entering, by funnel: all but those where deals begin and are lost."""
    found: dict[Funnel, list[Stage]] = {}
    stages = Stage.objects.filter(
        is_active=True, funnel__is_active=True, meaning__in=[Stage.Meaning.OPEN, Stage.Meaning.WON]
    )
    for stage in stages.select_related("funnel").order_by("funnel__position", "position"):
        found.setdefault(stage.funnel, []).append(stage)
    return list(found.items())
