"""Fields of a deal, built in and declared alike: what they are, who may see and change them, what a deal holds."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors

from . import kept
from .field_types import PARSERS, TYPES, is_kept_form
from .models import Deal, FieldDef

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}:\d{2}))?")

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

__all__ = [
    "BUILT_IN", "TYPES", "FieldSpec", "as_written", "changed_specs", "declared", "fits", "hidden_from", "is_empty",
    "parse", "parse_all", "specs", "specs_of", "title_of", "value_of",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class FieldSpec:
    """`key` is unique among built-in and declared; `options` are [key, title] pairs for choices, `retired` those that
    are offered no more. `editable`: whether the role of whoever asked may change it."""

    key: str
    title: "str | _StrPromise"
    type: str
    options: Sequence[Sequence[str]] = ()
    retired: Sequence[Sequence[str]] = ()
    group: str = ""
    unit: str = ""
    declared: bool = True
    editable: bool = True

    def option_title(self, key: Any) -> str:
        """The title of a choice; the key itself when nobody knows it."""
        return next((title for one, title in (*self.options, *self.retired) if one == key), str(key))


BUILT_IN = (
    FieldSpec(key="title", title=gettext_lazy("Subject"), type="text", declared=False),
    FieldSpec(key="amount", title=gettext_lazy("Amount"), type="money", declared=False),
    FieldSpec(key="brand", title=gettext_lazy("Brand"), type="brand", declared=False),
    FieldSpec(key="location", title=gettext_lazy("Location"), type="location", declared=False),
)


def specs(by: Actor | None = None) -> dict[str, FieldSpec]:
    """Fields by key, in order of showing: all of them, or those that the role of `by` sees."""
    return specs_of(declared(), by)


def declared(by: Actor | None = None) -> list[FieldDef]:
    return [row for row in kept.fields().values() if row.is_active and may_see(row, by)]


def title_of(key: str) -> str:
    """The title of any declared field; the key when there is none."""
    return next((row.title for row in kept.fields().values() if row.key == key), key)


def changed_specs(
    events: Iterable[Mapping[str, Any]], known: Mapping[str, FieldSpec], by: Actor
) -> dict[str, FieldSpec | None]:
    """Fields by which to tell the changes that these data of events hold: `known` and those retired since; None for
    a field that `by` may not see."""
    keys = {key for data in events for key in data.get("changes") or ()} - known.keys()
    rows = [row for row in kept.fields().values() if row.key in keys] if keys else ()
    return {**known, **{row.key: spec_of(row, by) if may_see(row, by) else None for row in rows}}


def hidden_from(by: Actor) -> frozenset[str]:
    """Keys of declared fields, retired ones too, that the role of `by` may not see."""
    return frozenset(row.key for row in kept.fields().values() if not may_see(row, by))


def specs_of(rows: Iterable[FieldDef], by: Actor | None = None) -> dict[str, FieldSpec]:
    """The same from rows that are read already."""
    made = (spec_of(row, by) for row in rows if may_see(row, by))
    return {spec.key: spec for spec in (*BUILT_IN, *made)}


def spec_of(row: FieldDef, by: Actor | None = None) -> FieldSpec:
    return FieldSpec(
        key=row.key,
        title=row.title,
        type=row.type,
        options=row.options,
        retired=row.retired_options,
        group=row.group,
        unit=row.unit,
        editable=_is_among(row.edited_by, by),
    )


def may_see(row: FieldDef, by: Actor | None) -> bool:
    return _is_among(row.seen_by, by)


def _is_among(roles: Sequence[str], by: Actor | None) -> bool:
    """Nobody's role is asked of rules, sources and the system."""
    return not roles or by is None or by.reach is None or by.role in roles


def value_of(deal: Deal, spec: FieldSpec) -> Any:
    """Value as kept: JSON-able; None when empty. Rows (brand, location) by id."""
    if spec.declared:
        return deal.fields.get(spec.key)
    value = getattr(deal, f"{spec.key}_id" if spec.type in ("brand", "location") else spec.key)
    return str(value) if isinstance(value, Decimal) else value


def is_empty(value: Any) -> bool:
    return value in (None, "", [])


def fits(spec: FieldSpec, value: Any) -> bool:
    """Whether a kept value is of the field's type; else it is told as it was written, see `as_written`."""
    return is_kept_form(spec.type, value)


def as_written(spec: FieldSpec, value: Any) -> str:
    """A value of another type, from before the field was changed, as people wrote it."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(spec.option_title(item) for item in value)
    if isinstance(value, str) and (moment := _ISO.fullmatch(value)):
        year, month, day, hour = moment.groups()
        return f"{day}.{month}.{year}" + (f" {hour}" if hour else "")
    return spec.option_title(value)


def parse_all(values: Mapping[str, Any], known: Mapping[str, FieldSpec]) -> dict[str, Any]:
    """Typed texts → kept values. Raises FieldErrors with a sentence for each wrong field."""
    parsed, errors = {}, {}
    for key, raw in values.items():
        if key not in known:
            errors[key] = _("There is no such field.")
            continue
        try:
            parsed[key] = parse(known[key], raw)
        except ValueError as error:
            errors[key] = str(error)
    if errors:
        raise FieldErrors(errors)
    return parsed


def parse(spec: FieldSpec, raw: Any) -> Any:
    """One value; ValueError carries the sentence for people."""
    if isinstance(raw, str):
        raw = raw.strip()
    if is_empty(raw):
        return None
    return PARSERS[spec.type](raw, spec)
