"""The form of a field as it stands: from the row, or as it was typed."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from voronka.deals import field_queries
from voronka.deals.actions.declare_field import FieldFacts
from voronka.deals.field_conversion import types_after
from voronka.deals.field_types import CHOICES
from voronka.deals.fields import spec_of
from voronka.deals.models import FieldDef

from .words import type_titles


@dataclass(frozen=True, kw_only=True)
class Draft(FieldFacts):
    """As far as it is written; a new one begins as a text."""

    title: str = ""
    type: str = "text"

    @property
    def has_options(self) -> bool:
        return self.type in CHOICES

    @property
    def has_unit(self) -> bool:
        return self.type == "number"


def of_row(row: FieldDef) -> Draft:
    asking = field_queries.required_at().get(row.key, [])
    return Draft(
        title=row.title,
        type=row.type,
        group=row.group,
        unit=row.unit,
        options=[(key, title) for key, title in row.options],
        seen_by=row.seen_by,
        edited_by=row.edited_by,
        stages=[stage.pk for stage in asking],
    )


def typed(form: QueryDict) -> Draft:
    """What was typed; `act` is what a button of the choices does: «add», «up-2», «down-2», «drop-2»."""
    titles = form.getlist("option")
    keys = [*form.getlist("option_key"), *[""] * len(titles)]
    draft = Draft(
        title=form.get("title", ""),
        type=form.get("type", "text"),
        group=form.get("group", ""),
        unit=form.get("unit", ""),
        options=list(zip(keys, titles, strict=False)),
        seen_by=form.getlist("seen_by"),
        edited_by=form.getlist("edited_by"),
        stages=[int(pk) for pk in form.getlist("stage") if pk.isdecimal() and len(pk) < 18],
    )
    return replace(draft, options=_acted(list(draft.options), form.get("act", "")))


def _acted(options: list[tuple[str, str]], act: str) -> list[tuple[str, str]]:
    verb, _dash, number = act.partition("-")
    here = int(number) if number.isdecimal() and int(number) < len(options) else None
    if verb == "add":
        return [*options, ("", "")]
    if here is None:
        return options
    if verb == "drop":
        return [*options[:here], *options[here + 1 :]]
    there = here - 1 if verb == "up" else here + 1
    if verb in ("up", "down") and 0 <= there < len(options):
        options[here], options[there] = options[there], options[here]
    return options


def offered_types(row: FieldDef | None) -> list[tuple[str, str]]:
    """What the field may be: anything while it is new, then what its values may become."""
    titles = type_titles()
    if row is None:
        return list(titles.items())
    after = {row.type, *types_after(row.type)}
    return [(key, title) for key, title in titles.items() if key in after]


def preview_of(row: FieldDef | None, draft: Draft) -> Any:
    """What a change of type would do; None when there is none."""
    if row is None or draft.type == row.type or draft.type not in types_after(row.type):
        return None
    options = [[key or title, title] for key, title in draft.options if title.strip()]
    return field_queries.preview(spec_of(row), replace(spec_of(row), type=draft.type, options=options, retired=()))
