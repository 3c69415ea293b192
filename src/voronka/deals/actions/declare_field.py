"""Fields declared and changed on screen. What the process document wrote and a person changed here is the screen's
from then on; see `docs/adr/0010-fields-have-two-writers.md`."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from voronka.kernel.access import EVERYTHING
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors, Refusal
from voronka.kernel.events import Refs, record
from voronka.staff.models import Role

from ..field_conversion import types_after
from ..field_keys import key_for
from ..field_types import CHOICES, TYPES
from ..fields import BUILT_IN
from ..filters import base
from ..jobs import convert_values
from ..models import FieldDef, Stage

LONGEST_TITLE, MOST_FIELDS, MOST_OPTIONS = 80, 200, 200


@dataclass(frozen=True, kw_only=True)
class FieldFacts:
    """What the form of a field says. `options`: (key, title) in order, the key «» for a new choice; `stages`: ids of
    those that ask for it; `seen_by`, `edited_by`: keys of roles, none: everybody."""

    title: str
    type: str
    group: str = ""
    unit: str = ""
    options: Sequence[tuple[str, str]] = ()
    seen_by: Sequence[str] = ()
    edited_by: Sequence[str] = ()
    stages: Sequence[int] = ()


def declare_field(*, by: Actor, facts: FieldFacts) -> FieldDef:
    """A new field of deals, last in order. Raises FieldErrors, Refusal."""
    _require(by)
    with transaction.atomic():
        rows = FieldDef.objects.select_for_update().filter(entity="deal")
        if len(rows) >= MOST_FIELDS:
            raise Refusal(_("There are %(num)s fields already: use one of them.") % {"num": MOST_FIELDS}, rule="fields")
        taken = {row.key for row in rows} | {spec.key for spec in BUILT_IN} | set(base(declared=()).fields)
        row = FieldDef(
            key=key_for(facts.title, taken, otherwise="field"),
            position=(rows.aggregate(last=Max("position"))["last"] or 0) + 1,
        )
        _write(row, facts)
        _record("field.declared", row, by)
    return row


def change_field(field_id: int, *, by: Actor, facts: FieldFacts) -> FieldDef:
    """Values of deals stay: with another type those that fit are converted by a job, the rest are kept and told as
    they were. Raises FieldErrors, Refusal."""
    _require(by)
    with transaction.atomic():
        row = FieldDef.objects.select_for_update().get(pk=field_id)
        before, options = row.type, [*row.options, *row.retired_options]
        if facts.type not in types_after(before):
            raise FieldErrors({"type": _("Values of this field cannot become values of that type.")})
        _write(row, facts)
        _record("field.changed", row, by, before=before)
        if before != row.type:
            convert_values.defer(field=row.pk, before=before, options=options)
    return row


def retire_field(field_id: int, *, by: Actor) -> FieldDef:
    """Off the cards, lists and filters; no stage asks for it. Values stay and come back with the field."""
    return _switch(field_id, by, on=False)


def restore_field(field_id: int, *, by: Actor) -> FieldDef:
    return _switch(field_id, by, on=True)


def move_field(field_id: int, *, by: Actor, up: bool) -> None:
    """One place up or down among the fields of its group; at the end of the group nothing happens."""
    _require(by)
    with transaction.atomic():
        rows = list(FieldDef.objects.select_for_update().filter(entity="deal", is_active=True))
        here = next(number for number, row in enumerate(rows) if row.pk == field_id)
        line = range(here - 1, -1, -1) if up else range(here + 1, len(rows))
        there = next((number for number in line if rows[number].group == rows[here].group), None)
        if there is None:
            return
        rows[here], rows[there] = rows[there], rows[here]
        for position, row in enumerate(rows):
            row.position = position
            row.owner = FieldDef.Owner.SCREEN if row.pk == field_id else row.owner
        FieldDef.objects.bulk_update(rows, ["position", "owner"])
        _record("field.moved", rows[there], by)


def _switch(field_id: int, by: Actor, *, on: bool) -> FieldDef:
    _require(by)
    with transaction.atomic():
        row = FieldDef.objects.select_for_update().get(pk=field_id)
        row.is_active, row.owner = on, FieldDef.Owner.SCREEN
        row.save(update_fields=["is_active", "owner"])
        if not on:
            _require_at(row.key, ())
        _record("field.restored" if on else "field.retired", row, by)
    return row


def _write(row: FieldDef, facts: FieldFacts) -> None:
    errors = {}
    title = facts.title.strip()
    if not title:
        errors["title"] = _("Write the name of the field.")
    elif len(title) > LONGEST_TITLE:
        errors["title"] = _("At most %(num)s characters.") % {"num": LONGEST_TITLE}
    elif _is_taken(row, title):
        errors["title"] = _("There is a field with this name already.")
    if facts.type not in TYPES:
        errors["type"] = _("Choose from the list.")
    try:
        options = _options(row, facts.options) if facts.type in CHOICES else []
    except ValueError as error:
        errors["options"], options = str(error), []
    if errors:
        raise FieldErrors(errors)
    kept = {key for key, _title in options}
    row.retired_options = [pair for pair in (*row.retired_options, *row.options) if pair[0] not in kept]
    row.title, row.type, row.options = title, facts.type, options
    row.group, row.unit = facts.group.strip()[:LONGEST_TITLE], facts.unit.strip()[:20]
    roles = set(Role.objects.values_list("key", flat=True))
    row.seen_by = [key for key in facts.seen_by if key in roles]
    row.edited_by = [key for key in facts.edited_by if key in roles]
    row.owner = FieldDef.Owner.SCREEN
    row.save()
    _require_at(row.key, facts.stages if row.is_active else ())


def _is_taken(row: FieldDef, title: str) -> bool:
    others = FieldDef.objects.filter(entity="deal", is_active=True).exclude(pk=row.pk)
    return others.filter(title__iexact=title, group__iexact=row.group).exists()


def _options(row: FieldDef, given: Sequence[tuple[str, str]]) -> list[list[str]]:
    """Choices with their keys; a choice that comes back under its old name gets its old key."""
    known = dict((*row.options, *row.retired_options))
    by_title = {title.casefold(): key for key, title in known.items()}
    found: list[list[str]] = []
    for key, written in given:
        title = written.strip()
        if not title:
            continue
        if title.casefold() in {one.casefold() for _key, one in found}:
            raise ValueError(_("The choice “%(title)s” is there twice.") % {"title": title})
        if len(title) > LONGEST_TITLE or "," in title:
            raise ValueError(_("A choice is at most %(num)s characters without commas.") % {"num": LONGEST_TITLE})
        used = {one for one, _title in found}
        if key not in known:
            key = by_title.get(title.casefold(), "")
        if not key or key in used:
            key = key_for(title, known.keys() | used, otherwise="choice")
        found.append([key, title])
    if not found:
        raise ValueError(_("Write at least one choice."))
    if len(found) > MOST_OPTIONS:
        raise ValueError(_("At most %(num)s choices.") % {"num": MOST_OPTIONS})
    return found


def _require_at(key: str, stages: Sequence[int]) -> None:
    """Make exactly these stages ask for the field."""
    for stage in Stage.objects.select_for_update().filter(is_active=True).order_by("pk"):
        asks, wanted = key in stage.required, stage.pk in stages
        if asks != wanted:
            kept = [one for one in stage.required if one != key]
            stage.required = [*kept, key] if wanted else kept
            stage.save(update_fields=["required"])


def _require(by: Actor) -> None:
    if not by.may("manage_process"):
        raise Refusal(_("Your role may not change the process."), rule="role")


def _record(kind: str, row: FieldDef, by: Actor, **more: object) -> None:
    data = {"field": row.key, "title": row.title, "type": row.type, **more}
    record(kind, Refs(audience=[EVERYTHING]), by=by, data=data)
