"""Cells that are edited in place, by the same actions as the card."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from voronka.deals import fields, queries
from voronka.deals.actions import assign_deal, change_deal, move_or_ask
from voronka.deals.fields import FieldSpec
from voronka.deals.models import Deal, Funnel
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors, MissingFields
from voronka.staff.models import Person
from voronka.staff.queries import names
from voronka.web.deals.fieldrows import KINDS, Choices, raw_text

from .columns import Column


@dataclass(frozen=True, kw_only=True)
class Edit:
    """What inplace.js needs of a column, told by its head. `options`: id of the block of the page that lists what can
    be chosen; of a stage each cell says it, by its funnel."""

    kind: str
    options: str = ""
    spec: FieldSpec | None = None


def edits_of(columns: Sequence[Column], known: Mapping[str, FieldSpec]) -> dict[str, Edit]:
    """By key; without what is not changed in the list."""
    found = {column.key: _edit_of(column, known.get(column.key)) for column in columns}
    return {key: edit for key, edit in found.items() if edit}


def _edit_of(column: Column, spec: FieldSpec | None) -> Edit | None:
    if column.key == "stage":
        return Edit(kind="select")
    if column.key == "responsible":
        return Edit(kind="select", options="list-people")
    kind = KINDS.get(spec.type) if spec else None
    if spec is None or not spec.editable or kind in (None, "many", "textarea", "checkbox", "files"):
        return None
    return Edit(kind=kind, options=f"list-options-{spec.key}" if kind == "select" else "", spec=spec)


def edited_value(deal: Deal, key: str, edit: Edit, by: Actor) -> str | None:
    """What the input starts from; None where this person may not change it."""
    if key == "stage":
        return str(deal.stage_id)
    if key == "responsible":
        foreign = deal.responsible_id not in (None, by.person_id)
        return None if foreign and not by.may("assign_deals") else str(deal.responsible_id or "")
    assert edit.spec is not None
    return raw_text(edit.spec, fields.value_of(deal, edit.spec))


def options_of(
    columns: Sequence[Column], known: Mapping[str, FieldSpec], funnels: Sequence[Funnel], by: Actor
) -> dict[str, list[tuple[str, str]]]:
    """What can be chosen in the shown columns, by the ids that cells name. A query for each table that they need."""
    choices = Choices(by)
    blocks: dict[str, list[tuple[str, str]]] = {}
    for column in columns:
        spec = known.get(column.key)
        if column.key == "stage":
            for stage in (stage for funnel in funnels for stage in queries.stages_of(funnel)):
                blocks.setdefault(f"list-stages-{stage.funnel_id}", []).append((str(stage.pk), stage.title))
        elif column.key == "responsible":
            blocks["list-people"] = [(str(pk), name) for pk, name in names()]
        elif spec and spec.editable and KINDS.get(spec.type) == "select":
            blocks[f"list-options-{spec.key}"] = [("", _("none")), *choices.of(spec)]
    return blocks


def change_cell(deal: Deal, key: str, typed: str, *, by: Actor, seen: str | None) -> str:
    """One cell's new value; returns what there is to tell of it. Raises what the actions raise; what a move lacks is an
    error of the cell.
    """
    if key == "responsible":
        assign_deal(deal.pk, by=by, to=_person(typed))
    elif key == "stage":
        return _move(deal, typed, by)
    else:
        change_deal(deal.pk, by=by, values={key: typed}, seen=None if seen is None else {key: seen})
    return ""


def _move(deal: Deal, typed: str, by: Actor) -> str:
    to = deal.funnel.stages.filter(pk=_number(typed), is_active=True).first()
    if to is None:
        raise FieldErrors({"stage": _("Choose from the list.")})
    try:
        return _("Your head is asked for a yes.") if move_or_ask(deal.pk, by=by, to=to) else ""
    except MissingFields as missing:
        titles = {key: str(spec.title) for key, spec in fields.specs(by).items()} | {
            "loss_reason": _("loss reason"),
            "next_step": _("next step"),
        }
        lacking = ", ".join(titles.get(key, key).lower() for key in missing.fields)
        raise FieldErrors({"stage": _("Fill in the card first: %(fields)s") % {"fields": lacking}}) from missing


def _person(typed: str) -> Person:
    found = Person.objects.filter(pk=_number(typed), is_active=True).select_related("role").first()
    if found is None:
        raise FieldErrors({"responsible": _("Choose from the list.")})
    return found


def _number(typed: str) -> int:
    return int(typed) if typed.isdecimal() and len(typed) < 19 else 0
