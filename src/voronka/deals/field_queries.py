"""Reads of declared fields: what they hold, what a change would do to it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from voronka.catalogue.models import Product
from voronka.staff.models import Brand, Location, Person

from .field_conversion import Names, converted
from .fields import FieldSpec, as_written
from .models import Deal, FieldDef, Funnel, Stage

#: Different values looked at by a preview, and those it shows.
MOST_VALUES, SHOWN = 20_000, 5

_MODELS: Mapping[str, Any] = {"person": Person, "location": Location, "brand": Brand, "product": Product}

_VALUES = """
    SELECT fields -> %s::text AS value, count(*) FROM deals_deal
    WHERE fields -> %s::text IS NOT NULL
    GROUP BY 1 ORDER BY 2 DESC LIMIT %s
"""


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a change of type does: `fitting` values are converted, `odd` stay as they were; some of them in words."""

    fitting: int
    odd: int
    examples: Sequence[str]


def names_of(kind: str) -> Names:
    """Names of rows by id, read once each; nothing for types without rows."""
    model, read = _MODELS.get(kind), {}

    def name(pk: int) -> str | None:
        if pk not in read:
            read[pk] = model.objects.filter(pk=pk).values_list("name", flat=True).first() if model else None
        return read[pk]

    return name


def values(key: str) -> list[tuple[Any, int]]:
    """Different kept values of a field and how many deals hold each, the most frequent first. Reads every deal."""
    with connection.cursor() as cursor:
        cursor.execute(_VALUES, [key, key, MOST_VALUES])
        return [(json.loads(value), count) for value, count in cursor.fetchall()]


def preview(old: FieldSpec, new: FieldSpec) -> Preview:
    fitting, odd, names = 0, [], names_of(old.type)
    for value, count in values(old.key):
        if converted(old, new, value, names=names) is None:
            odd.append((as_written(old, value), count))
        else:
            fitting += count
    return Preview(
        fitting=fitting, odd=sum(count for _text, count in odd), examples=[text for text, _count in odd[:SHOWN]]
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
