"""What a deal sells: items of the catalogue."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from ninja import Field, Router, Schema, Status

from voronka.catalogue.models import Product
from voronka.deals.actions import add_line, remove_line
from voronka.deals.models import Line as DealLine

from ..door import ApiRequest, Door
from ..gate import named, one
from ..paging import Id
from .deals import seen

router = Router(auth=Door("deals"), tags=["deals"])


class LineShape(Schema):
    id: int
    product: int
    name: str
    quantity: Decimal
    price: Decimal
    total: Decimal
    added_by: int | None
    added_at: datetime


class LineMake(Schema):
    """`product` is an id of GET /products; the price is the catalogue's of this moment."""

    product: Id
    quantity: Annotated[Decimal, Field(gt=0, lt=10**6, decimal_places=3)] = Decimal(1)


@router.get("/{deal_id}/lines", response=list[LineShape])
def list_lines(request: ApiRequest, deal_id: Id) -> Any:
    return [shape(line) for line in one(seen(request), deal_id).lines.order_by("id")]


@router.post("/{deal_id}/lines", response={201: LineShape})
def put_in_line(request: ApiRequest, deal_id: Id, body: LineMake) -> Any:
    """Add an item; the deal's amount grows by it."""
    deal = one(seen(request), deal_id)
    product = named(Product.objects.filter(is_active=True), "product", body.product)
    assert product is not None
    return Status(201, shape(add_line(deal.pk, by=request.caller.actor, product=product, quantity=body.quantity)))


@router.delete("/{deal_id}/lines/{line_id}", response={204: None})
def take_out_line(request: ApiRequest, deal_id: Id, line_id: Id) -> Any:
    """Take an item out; the deal's amount shrinks by it."""
    line = one(DealLine.objects.filter(deal=one(seen(request), deal_id)), line_id)
    remove_line(line.pk, by=request.caller.actor)
    return Status(204, None)


def shape(line: DealLine) -> dict[str, Any]:
    plain = {key: getattr(line, key) for key in ("id", "name", "quantity", "price", "total", "added_at")}
    return {**plain, "product": line.product_id, "added_by": line.added_by_id}
