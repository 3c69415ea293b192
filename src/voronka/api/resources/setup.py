"""What the company has set up, to read: funnels, fields, catalogue, people. Short lists, so no pages."""

from decimal import Decimal
from typing import Any

from ninja import Router, Schema

from voronka.catalogue.models import Product
from voronka.deals import fields as deal_fields
from voronka.deals.models import Funnel
from voronka.staff.models import Brand, Person
from voronka.tasks.models import TaskKind

from ..door import ApiRequest, Door

router = Router(auth=Door("setup"), tags=["setup"])


class StageShape(Schema):
    """`meaning` is unsorted, open, won or lost; `required` are keys of fields that must be filled to enter."""

    id: int
    key: str
    title: str
    meaning: str
    position: int
    required: list[str]


class ReasonShape(Schema):
    key: str
    title: str
    comment_required: bool


class FunnelShape(Schema):
    id: int
    key: str
    title: str
    kind: str
    only_forward: bool
    no_skipping: bool
    next_step_required: bool
    stages: list[StageShape]
    loss_reasons: list[ReasonShape]


class FieldShape(Schema):
    """`declared`: its value stands in `fields` of a deal; the others are the deal's own. `options`: [key, title]."""

    key: str
    title: str
    type: str
    group: str
    unit: str
    declared: bool
    options: list[list[str]]


class ProductShape(Schema):
    id: int
    key: str
    name: str
    kind: str
    price: Decimal


class PersonShape(Schema):
    id: int
    name: str
    role: str
    is_active: bool


class LocationShape(Schema):
    id: int
    key: str
    name: str
    address: str


class BrandShape(Schema):
    id: int
    key: str
    name: str
    locations: list[LocationShape]


class TaskKindShape(Schema):
    key: str
    title: str
    result_required: bool


@router.get("/funnels", response=list[FunnelShape])
def list_funnels(request: ApiRequest) -> Any:
    """Funnels in force with their stages in order."""
    return [
        {
            **{key: getattr(funnel, key) for key in ("id", "key", "title", "kind", *_RULES)},
            "stages": sorted(
                (stage for stage in funnel.stages.all() if stage.is_active), key=lambda stage: stage.position
            ),
            "loss_reasons": [reason for reason in funnel.loss_reasons.all() if reason.is_active],
        }
        for funnel in Funnel.objects.filter(is_active=True).prefetch_related("stages", "loss_reasons")
    ]


@router.get("/fields", response=list[FieldShape])
def list_fields(request: ApiRequest) -> Any:
    """Fields of a deal, built in and declared."""
    return [
        {
            **{key: str(getattr(spec, key)) for key in ("key", "title", "type", "group", "unit")},
            "declared": spec.declared,
            "options": [[str(part) for part in option[:2]] for option in spec.options],
        }
        for spec in deal_fields.specs(request.caller.person.actor).values()
    ]


@router.get("/products", response=list[ProductShape])
def list_products(request: ApiRequest) -> Any:
    return Product.objects.filter(is_active=True).order_by("id")


@router.get("/people", response=list[PersonShape])
def list_people(request: ApiRequest) -> Any:
    """Everybody, those who left too: old rows name them."""
    people = Person.objects.select_related("role").order_by("id")
    return [
        {"id": person.pk, "name": person.name, "role": person.role.key, "is_active": person.is_active}
        for person in people
    ]


@router.get("/brands", response=list[BrandShape])
def list_brands(request: ApiRequest) -> Any:
    return [
        {"id": brand.pk, "key": brand.key, "name": brand.name, "locations": list(brand.locations.all())}
        for brand in Brand.objects.order_by("id").prefetch_related("locations")
    ]


@router.get("/task-kinds", response=list[TaskKindShape])
def list_task_kinds(request: ApiRequest) -> Any:
    return TaskKind.objects.order_by("position", "id")


_RULES = ("only_forward", "no_skipping", "next_step_required")
