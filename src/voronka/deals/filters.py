"""What can be asked about deals: built-in fields and every declared one; and the views everybody has."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

from voronka.catalogue.models import Product
from voronka.clients.queries import HIDDEN_CLIENT, client_names
from voronka.clients.tags import same_tags, tag_named, tag_options
from voronka.kernel.filters import All, Base, Column, Field, Is, Json, Listed, Missing, Related, Scope, View
from voronka.staff.filters import person_options
from voronka.staff.queries import brands, locations

from . import kept
from .models import Deal, FieldDef, Passage


def base(*, declared: Iterable[FieldDef] | None = None, funnel_id: int | None = None) -> Base:
    """The declared fields that every role sees, unless others are given. With a funnel its own stages alone
    can be chosen."""
    if declared is None:
        declared = [row for row in kept.fields().values() if row.is_active and not row.seen_by]
    fields = {field.key: field for field in _BUILT_IN} | {row.key: declared_field(row) for row in declared}
    if funnel_id is not None:
        fields["stage"] = replace(fields["stage"], options=partial(stage_options, funnel_id))
    return Base("deals", Deal, MappingProxyType(fields))


def passages_base() -> Base:
    """Stays at stages: asked about in filters over deals."""
    return Base("passages", Passage, MappingProxyType({field.key: field for field in _PASSAGE}))


def declared_field(row: FieldDef) -> Field:
    """A declared field as filters know it."""
    options = [(key, title) for key, title in (*row.options, *row.retired_options)]
    return Field(
        key=row.key,
        title=row.title,
        kind=_KINDS.get(row.type, "text"),
        source=Json("fields", row.key),
        options=_ROWS.get(row.type) or (lambda: options),
        named=_client_named if row.type == "client" else None,
        unit=row.unit,
        group=row.group,
    )


def stage_options(funnel_id: int | None = None) -> list[tuple[object, str]]:
    """Stages of a funnel, or of all of them: then those that share a title say whose they are."""
    funnels = kept.funnels()
    stages = [one for one in kept.stages().values() if one.is_active and funnel_id in (None, one.funnel_id)]
    named = Counter(stage.title for stage in stages)
    return [
        (stage.pk, stage.title if named[stage.title] == 1 else f"{stage.title} ({funnels[stage.funnel_id].title})")
        for stage in stages
    ]


def _funnels() -> list[tuple[object, str]]:
    return [(pk, funnel.title) for pk, funnel in kept.funnels().items()]


def _brands() -> list[tuple[object, str]]:
    return [(pk, brand.name) for pk, brand in brands().items()]


def _locations() -> list[tuple[object, str]]:
    return [(pk, location.name) for pk, location in locations().items()]


def _products() -> list[tuple[object, str]]:
    return list(Product.objects.order_by("name").values_list("pk", "name"))


def _sources() -> list[tuple[object, str]]:
    return [(pk, source.title) for pk, source in kept.sources().items()]


def _loss_reasons() -> list[tuple[object, str]]:
    return [(pk, reason.title) for pk, reason in kept.loss_reasons().items() if reason.is_active]


def _client_named(pk: object, scope: Scope) -> str:
    return client_names([pk], scope.who.reach if scope.who else None).get(pk, str(HIDDEN_CLIENT))


def _meanings() -> list[tuple[object, str]]:
    return [
        ("unsorted", str(_("not taken yet"))),
        ("open", str(_("in work"))),
        ("won", str(_("won"))),
        ("lost", str(_("lost"))),
    ]


_KINDS = {
    "number": "number", "money": "money", "date": "date", "time": "time", "datetime": "datetime", "yes_no": "yes_no",
    "choice": "choice", "choices": "choices", "person": "person", "location": "row", "brand": "row", "product": "row",
    "client": "client", "file": "file",
}  # fmt: skip

_ROWS: dict[str, Callable] = {
    "person": person_options,
    "location": _locations,
    "brand": _brands,
    "product": _products,
}

_BUILT_IN = (
    Field(key="number", title=_("Number"), kind="number", source=Column("pk")),
    Field(key="title", title=_("Subject"), kind="text", source=Column("title")),
    Field(key="funnel", title=_("Funnel"), kind="row", source=Column("funnel_id"), options=_funnels),
    Field(key="stage", title=_("Stage"), kind="row", source=Column("stage_id"), options=stage_options),
    Field(key="state", title=_("State"), kind="choice", source=Column("stage__meaning"), options=_meanings),
    Field(key="open", title=_("Open"), kind="yes_no", source=Missing("closed_at")),
    Field(key="amount", title=_("Amount"), kind="money", source=Column("amount")),
    Field(
        key="responsible",
        title=_("Led by"),
        kind="person",
        source=Column("responsible_id"),
        options=person_options,
    ),
    Field(key="brand", title=_("Brand"), kind="row", source=Column("brand_id"), options=_brands),
    Field(key="location", title=_("Location"), kind="row", source=Column("location_id"), options=_locations),
    Field(key="source", title=_("Source"), kind="row", source=Column("source_id"), options=_sources),
    Field(key="channel", title=_("Channel"), kind="text", source=Column("channel")),
    Field(key="utm_source", title="utm_source", kind="text", source=Json("utm", "utm_source"), group="UTM"),
    Field(key="utm_medium", title="utm_medium", kind="text", source=Json("utm", "utm_medium"), group="UTM"),
    Field(key="utm_campaign", title="utm_campaign", kind="text", source=Json("utm", "utm_campaign"), group="UTM"),
    Field(
        key="tags",
        title=_("Tags"),
        kind="choices",
        source=Listed("tags", same_tags),
        options=tag_options,
        named=tag_named,
    ),
    Field(key="is_repeat", title=_("Repeat client"), kind="yes_no", source=Column("is_repeat")),
    Field(key="unread", title=_("Unread by its responsible"), kind="yes_no", source=Column("is_unread")),
    Field(key="next_step_at", title=_("Nearest step"), kind="datetime", source=Column("next_step_at")),
    Field(key="created_at", title=_("Created"), kind="datetime", source=Column("created_at")),
    Field(key="taken_at", title=_("Taken"), kind="datetime", source=Column("taken_at")),
    Field(key="stage_entered_at", title=_("In the stage since"), kind="datetime", source=Column("stage_entered_at")),
    Field(key="answer_due_at", title=_("Answer due"), kind="datetime", source=Column("answer_due_at")),
    Field(key="closed_at", title=_("Closed"), kind="datetime", source=Column("closed_at")),
    Field(
        key="loss_reason",
        title=_("Loss reason"),
        kind="row",
        source=Column("loss_reason_id"),
        options=_loss_reasons,
    ),
    Field(
        key="client",
        title=_("Client"),
        kind="relation",
        source=Related(to="clients", link="pk", outer="company_id", gated=False),
    ),
    Field(
        key="contact",
        title=_("Contact"),
        kind="relation",
        source=Related(to="contacts", link="pk", outer="contact_id", gated=False),
    ),
    Field(key="tasks", title=_("Tasks"), kind="relation", source=Related(to="tasks", link="deal", gated=False)),
    Field(
        key="history",
        title=_("Way through the funnel"),
        kind="relation",
        source=Related(to="passages", link="deal", gated=False),
    ),
)

_PASSAGE = (
    Field(key="stage", title=_("Stage"), kind="row", source=Column("stage_id"), options=stage_options),
    Field(key="funnel", title=_("Funnel"), kind="row", source=Column("stage__funnel_id"), options=_funnels),
    Field(key="entered_at", title=_("In the stage since"), kind="datetime", source=Column("entered_at")),
    Field(key="left_at", title=_("Left the stage"), kind="datetime", source=Column("left_at")),
)

OPEN = Is("open", "=", True)

VIEWS = (
    View(key="open", title=_("All open"), tree=OPEN),
    View(key="mine", title=_("Mine"), tree=All([OPEN, Is("responsible", "in", ("my-seat",))])),
    View(key="late", title=_("Overdue"), tree=All([OPEN, Is("next_step_at", "<", "now")]), tone="late"),
    View(
        key="stepless",
        title=_("Without a step"),
        tree=All([Is("state", "=", "open"), Is("next_step_at", "empty")]),
        tone="today",
    ),
    View(key="untaken", title=_("Not taken"), tree=All([OPEN, Is("taken_at", "empty")])),
)
