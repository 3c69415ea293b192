"""How a request comes to a row: through the gate of the token's person, or it is a 404 like one that isn't there."""

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from voronka.kernel.errors import FieldErrors
from voronka.staff.models import Brand, Location, Person

Row = TypeVar("Row", bound=Model)


def one(rows: QuerySet[Row], pk: int) -> Row:
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def named(rows: QuerySet[Row], field: str, pk: int | None) -> Row | None:
    """A row that a body refers to; FieldErrors under its field when the caller can't see it."""
    if pk is None:
        return None
    found = rows.filter(pk=pk).first()
    if found is None:
        raise FieldErrors({field: _("There is no such thing, or it is not yours to see.")})
    return found


def person_named(field: str, pk: int | None) -> Person | None:
    return named(Person.objects.filter(is_active=True).select_related("role"), field, pk)


def brand_named(pk: int | None) -> Brand | None:
    return named(Brand.objects.all(), "brand", pk)


def location_named(pk: int | None) -> Location | None:
    return named(Location.objects.select_related("brand"), "location", pk)


def tagged(response: HttpResponse, shape: dict[str, Any]) -> dict[str, Any]:
    """The shape, with its version as the ETag that If-Match takes."""
    response["ETag"] = f'"{shape["version"]}"'
    return shape


def moved(address: str) -> HttpResponse:
    """Where a row that became part of another one is now. Not to be kept: the two may be parted."""
    return HttpResponse(status=301, headers={"Location": address, "Cache-Control": "no-store"})
