"""Jobs of deals. Every one may run twice."""

import json
from dataclasses import replace
from typing import Any

from django.db import connection
from procrastinate.contrib.django import app

from .field_conversion import converted
from .field_queries import names_of
from .fields import spec_of
from .models import Deal, FieldDef

CHUNK = 1000

_WRITE = """
    UPDATE deals_deal AS d SET fields = d.fields || jsonb_build_object(%s::text, m.new::jsonb)
    FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS m(id, old, new)
    WHERE d.id = m.id AND d.fields -> %s::text = m.old::jsonb
"""


@app.task(name="deals.convert_values", queue="deals")
def convert_values(*, field: int, before: str, options: list[list[str]]) -> None:
    """Convert values of a field whose type was changed; what does not fit stays. A value that somebody wrote
    meanwhile is left alone."""
    new = spec_of(FieldDef.objects.get(pk=field))
    old = replace(new, type=before, options=options, retired=())
    last = 0
    while True:
        deals = Deal.objects.filter(pk__gt=last, fields__has_key=new.key).order_by("pk")
        rows = list(deals.values_list("pk", f"fields__{new.key}")[:CHUNK])
        if not rows:
            return
        last = rows[-1][0]
        names = names_of(before, [value for _pk, value in rows])
        made = [(pk, value, converted(old, new, value, names=names)) for pk, value in rows]
        _write(new.key, [one for one in made if one[2] is not None and one[1] != one[2]])


def _write(key: str, changed: list[tuple[int, Any, Any]]) -> None:
    if not changed:
        return
    ids, old, new = zip(*changed, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [key, list(ids), [json.dumps(v) for v in old], [json.dumps(v) for v in new], key])
