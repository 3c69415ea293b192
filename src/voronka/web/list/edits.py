"""Cells that are edited in place, by the same actions as the card."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from voronka.deals import fields
from voronka.deals.actions import assign_deal, change_deal, move_deal
from voronka.deals.fields import FieldSpec
from voronka.deals.models import Deal, Funnel, Stage
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors, MissingFields
from voronka.staff.models import Person
from voronka.web.deals.fieldrows import KINDS, Choices, raw_text

from .columns import Column


@dataclass(frozen=True, kw_only=True)
class Edit:
    """What inplace.js needs of a cell. `options`: id of the block of the page that lists what can be chosen."""

    key: str
    label: str
    kind: str
    value: str
    options: str = ""


def edit_of(deal: Deal, column: Column, known: Mapping[str, FieldSpec], by: Actor) -> Edit | None:
    """None for what is not changed in the list."""
    if column.key == "stage":
        return _select(column, str(deal.stage_id), f"list-stages-{deal.funnel_id}")
    if column.key == "responsible":
        foreign = deal.responsible_id not in (None, by.person_id)
        return (
            None
            if foreign and not by.may("assign_deals")
            else _select(column, str(deal.responsible_id or ""), "list-people")
        )
    spec = known.get(column.key)
    kind = KINDS.get(spec.type) if spec else None
    if spec is None or not spec.editable or kind in (None, "many", "textarea", "checkbox", "files"):
        return None
    value = raw_text(spec, fields.value_of(deal, spec))
    if kind == "select":
        return _select(column, value, f"list-options-{spec.key}")
    return Edit(key=column.key, label=column.title, kind=kind or "text", value=value)


def options_of(
    columns: Sequence[Column], known: Mapping[str, FieldSpec], funnels: Sequence[Funnel], by: Actor
) -> dict[str, list[tuple[str, str]]]:
    """What can be chosen in the shown columns, by the ids that cells name. A query for each table that they need."""
    choices = Choices(by)
    blocks: dict[str, list[tuple[str, str]]] = {}
    for column in columns:
        spec = known.get(column.key)
        if column.key == "stage":
            for stage in Stage.objects.filter(funnel__in=funnels, is_active=True).order_by("position"):
                blocks.setdefault(f"list-stages-{stage.funnel_id}", []).append((str(stage.pk), stage.title))
        elif column.key == "responsible":
            people = Person.objects.filter(is_active=True).order_by("name").values_list("pk", "name")
            blocks["list-people"] = [(str(pk), name) for pk, name in people]
        elif spec and spec.editable and KINDS.get(spec.type) == "select":
            blocks[f"list-options-{spec.key}"] = [("", _("none")), *choices.of(spec)]
    return blocks


def change_cell(deal: Deal, key: str, typed: str, *, by: Actor, seen: str | None) -> None:
    """One cell's new value. Raises what the actions raise; what a move lacks is told as an error of the cell."""
    if key == "responsible":
        assign_deal(deal.pk, by=by, to=_person(typed))
    elif key == "stage":
        _move(deal, typed, by)
    else:
        change_deal(deal.pk, by=by, values={key: typed}, seen=None if seen is None else {key: seen})


def _move(deal: Deal, typed: str, by: Actor) -> None:
    to = deal.funnel.stages.filter(pk=_number(typed), is_active=True).first()
    if to is None:
        raise FieldErrors({"stage": _("Choose from the list.")})
    try:
        move_deal(deal.pk, by=by, to=to)
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


def _select(column: Column, value: str, options: str) -> Edit:
    return Edit(key=column.key, label=column.title, kind="select", value=value, options=options)
