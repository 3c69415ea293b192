"""Pages that don't jump: each goes on from the id of the last row, under a cursor that means nothing to callers."""

import base64
import binascii
import json
from collections.abc import Callable
from typing import Annotated, Any, Generic, TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from ninja import Field, Schema
from pydantic import AfterValidator

from voronka.kernel.errors import FieldErrors
from voronka.kernel.filters import base, parse, where
from voronka.staff.filters import scope_of
from voronka.staff.models import Person

LARGEST = 200
LARGEST_ID = 2**63 - 1

Item = TypeVar("Item")
Row = TypeVar("Row")


def no_nul(text: str) -> str:
    """The database keeps no NUL."""
    if "\x00" in text:
        raise ValueError("NUL is not text")
    return text


Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Text = Annotated[str, Field(max_length=5000), AfterValidator(no_nul)]
Line = Annotated[str, Field(max_length=500), AfterValidator(no_nul)]


class Page(Schema, Generic[Item]):
    """`next` is the cursor of the following page, null at the end."""

    items: list[Item]
    next: str | None


class Paging(Schema):
    """`limit` rows after `cursor`, newest first; `sort=id` turns the order round."""

    limit: Annotated[int, Field(ge=1, le=LARGEST)] = 50
    cursor: Annotated[str, Field(max_length=200)] = ""
    sort: Annotated[str, Field(pattern="^-?id$")] = "-id"


class Filtered(Paging):
    """`filter` is the JSON of the address bar: ["all", ["stage", "in", [3, 4]], ["amount", ">=", 1000]]."""

    filter: Annotated[Text, Field(max_length=8000)] = ""


def page_of(rows: QuerySet, asked: Paging, show: Callable[[Any], Any]) -> dict[str, Any]:
    """One query for the rows, by their primary key."""
    down = asked.sort.startswith("-")
    if asked.cursor:
        rows = rows.filter(**{"pk__lt" if down else "pk__gt": read_cursor(asked.cursor, asked.sort)})
    found = list(rows.order_by(asked.sort)[: asked.limit + 1])
    more = write_cursor(found[asked.limit - 1].pk, asked.sort) if len(found) > asked.limit else None
    return {"items": [show(row) for row in found[: asked.limit]], "next": more}


def filtered(rows: QuerySet, asked: Filtered, key: str, person: Person) -> QuerySet:
    """The rows that the caller's filter leaves. Raises FieldErrors under the key of the field, or `filter`."""
    known = base(key)
    tree = parse(asked.filter, known)
    return rows.filter(where(tree, known, scope_of(person)))


def write_cursor(pk: int, sort: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([sort, pk]).encode()).decode().rstrip("=")


def read_cursor(text: str, sort: str) -> int:
    """Raises FieldErrors for a cursor that is damaged or of another order."""
    try:
        order, pk = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, TypeError, binascii.Error, RecursionError):
        order, pk = None, None
    if order != sort or not isinstance(pk, int) or isinstance(pk, bool) or not 0 <= pk <= LARGEST_ID:
        raise FieldErrors({"cursor": _("Take the cursor from the page before, with the same order.")})
    return pk
