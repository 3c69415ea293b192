"""Columns of the list: what there is to choose from, and what this person has chosen, in which order and how wide."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from voronka.deals.fields import FieldSpec
from voronka.deals.models import Deal
from voronka.staff.actions import keep_layout, layout_of
from voronka.staff.models import Person

PAGE = "deals"
NARROWEST, WIDEST = 48, 800
#: Kinds of declared fields that make a column of their own by default, one of each.
USUAL = (("choice",), ("date", "datetime"), ("number",))
FIGURES = ("number", "money")


#: Columns that say the name of one related row.
NAMES: dict[str, Callable[[Deal], str]] = {
    "funnel": lambda deal: deal.funnel.title,
    "source": lambda deal: deal.source.title if deal.source else "",
    "brand": lambda deal: deal.brand.name if deal.brand else "",
    "location": lambda deal: deal.location.name if deal.location else "",
    "loss_reason": lambda deal: deal.loss_reason.title if deal.loss_reason else "",
}


@dataclass(frozen=True, kw_only=True)
class Column:
    """`cls` says where there is too little room for it."""

    key: str
    title: str
    sort: bool = True
    right: bool = False
    total: bool = False
    cls: str = "v-c-wide"
    spec: FieldSpec | None = None
    width: int | None = None

    @cached_property
    def classes(self) -> str:
        """Of a cell."""
        return self.cls + (" r" if self.right else "") + (" v-num v-mute" if self.key == "number" else "")


def available(specs: Mapping[str, FieldSpec]) -> list[Column]:
    """Everything there is, in the usual order."""
    declared = [_declared(spec) for spec in specs.values() if spec.declared]
    return [
        Column(key="number", title="№", cls="v-c-number"),
        Column(key="client", title=_("Client"), cls="v-c-client"),
        Column(key="title", title=_("Subject"), cls="v-c-title"),
        *declared,
        Column(key="tags", title=_("Tags"), sort=False),
        Column(key="stage", title=_("Stage"), cls="v-c-stage"),
        Column(key="amount", title=_("Amount"), right=True, total=True, cls="v-c-amount"),
        Column(key="responsible", title=_("Led by"), cls="v-c-who"),
        Column(key="step", title=_("Nearest step"), cls="v-c-step"),
        Column(key="age", title=_("In the stage"), right=True, cls="v-c-age"),
        Column(key="funnel", title=_("Funnel")),
        Column(key="source", title=_("Source")),
        Column(key="brand", title=_("Brand")),
        Column(key="location", title=_("Location")),
        Column(key="created", title=_("Created")),
        Column(key="taken", title=_("Taken")),
        Column(key="interaction", title=_("Client was in touch")),
        Column(key="closed", title=_("Closed")),
        Column(key="loss_reason", title=_("Loss reason")),
    ]


def chosen(person: Person, specs: Mapping[str, FieldSpec]) -> list[Column]:
    """Columns of this person. One query. A field that is no more is left out."""
    kept = layout_of(person, PAGE)
    known = {column.key: column for column in available(specs)}
    keys = [key for key in kept.get("columns", ()) if key in known] or usual(specs)
    widths = kept.get("widths", {})
    return [replace(known[key], width=widths.get(key)) for key in keys]


def usual(specs: Mapping[str, FieldSpec]) -> list[str]:
    """What stands there until somebody chooses: the first declared choice, day and number tell of a deal."""
    declared = []
    for kinds in USUAL:
        spec = next((one for one in specs.values() if one.declared and one.type in kinds), None)
        declared += [spec] if spec else []
    subject = [] if any(spec.type in USUAL[0] for spec in declared) else ["title"]
    own = [spec.key for spec in declared]
    return ["number", "client", *subject, *own, "stage", "amount", "responsible", "step", "age"]


def keep_columns(person: Person, keys: Iterable[str], specs: Mapping[str, FieldSpec]) -> None:
    """The client stays whatever is chosen: a row must be told from others."""
    known = {column.key for column in available(specs)}
    wanted = list(dict.fromkeys(key for key in keys if key in known))
    keep_layout(person, PAGE, columns=wanted if "client" in wanted else ["client", *wanted])


def keep_width(person: Person, key: str, width: int, specs: Mapping[str, FieldSpec]) -> None:
    if key in {column.key for column in available(specs)}:
        widths: dict[str, Any] = layout_of(person, PAGE).get("widths", {})
        keep_layout(person, PAGE, widths={**widths, key: max(NARROWEST, min(width, WIDEST))})


def forget_columns(person: Person) -> None:
    """As it was in the beginning."""
    keep_layout(person, PAGE, columns=[], widths={})


def _declared(spec: FieldSpec) -> Column:
    """A day is kept longest where there is little room."""
    figure = spec.type in FIGURES
    return Column(
        key=spec.key,
        title=str(spec.title),
        sort=spec.type in SORTED,
        right=figure,
        total=figure,
        cls="v-c-day" if spec.type in USUAL[1] else "v-c-wide",
        spec=spec,
    )


#: Kinds of declared fields that a list can be ordered by.
SORTED = (
    "text", "long_text", "choice", "date", "time", "datetime", "number", "money", "phone", "email", "link",
)  # fmt: skip
