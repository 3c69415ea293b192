from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.catalogue.models import Product
from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import Conflict, FieldErrors

from .. import fields
from ..field_targets import check_targets, take_files
from ..models import Deal, Line
from ._rows import locked, record_deal, refresh_audience


def change_deal(
    deal_id: int, *, by: Actor, values: Mapping[str, Any], seen: Mapping[str, Any] | None = None
) -> dict[str, list]:
    """Set fields from typed texts; returns {key: [old, new]} of what changed.

    `seen`: what the person saw before typing; if it differs from now, Conflict says so and nothing changes.
    Raises FieldErrors.
    """
    known = fields.specs(by)
    refuse_foreign(values, known)
    parsed = fields.parse_all(values, known)
    with transaction.atomic():
        deal = locked(deal_id, by)
        _refuse_conflicts(deal, parsed, seen or {}, known)
        return apply_values(deal, parsed, by, known=known)


def refuse_foreign(keys: Iterable[str], known: Mapping[str, fields.FieldSpec]) -> None:
    """Raises FieldErrors for fields that only other roles change."""
    foreign = [key for key in keys if key in known and not known[key].editable]
    if foreign:
        raise FieldErrors({key: _("Your role may not change this field.") for key in foreign})


def apply_values(
    deal: Deal, parsed: Mapping[str, Any], by: Actor, *, known: Mapping[str, fields.FieldSpec]
) -> dict[str, list]:
    """Set kept values on a locked deal, save and record them. Raises FieldErrors for what they may not point to."""
    audience_before = list(deal.audience)
    changes = {}
    for key, new in parsed.items():
        old = fields.value_of(deal, known[key])
        if old != new and not (fields.is_empty(old) and fields.is_empty(new)):
            changes[key] = [old, new]
    written = {key: new for key, (_old, new) in changes.items()}
    check_targets(deal, written, by, known=known)
    for key, new in written.items():
        _set(deal, known[key], new)
    if changes:
        take_files(deal, written, known=known)
        deal.version += 1
        deal.save(update_fields=["title", "amount", "brand", "location", "fields", "version"])
        if "brand" in changes or "location" in changes:
            refresh_audience(deal)
        record_deal("deal.changed", deal, by, {"changes": changes}, also=audience_before)
    return changes


def add_line(deal_id: int, *, by: Actor, product: Product, quantity: Decimal = Decimal(1)) -> Line:
    """Add a catalogue item; the deal's amount grows by it."""
    if quantity <= 0 or quantity >= 10**6:
        raise FieldErrors({"quantity": _("How many? Write a number above zero.")})
    with transaction.atomic():
        deal = locked(deal_id, by)
        line = Line.objects.create(
            deal=deal,
            product=product,
            name=product.name,
            quantity=quantity,
            price=product.price,
            added_by_id=by.person_id,
            added_at=clock.now(),
        )
        _change_amount(deal, line.total)
        record_deal("line.added", deal, by, _line_facts(line))
    return line


def remove_line(line_id: int, *, by: Actor) -> None:
    """Take a catalogue item out; the deal's amount shrinks by it."""
    with transaction.atomic():
        line = Line.objects.select_related("product").get(pk=line_id)
        deal = locked(line.deal_id, by)
        facts = _line_facts(line)
        _change_amount(deal, -line.total)
        line.delete()
        record_deal("line.removed", deal, by, facts)


def _change_amount(deal: Deal, by_amount: Decimal) -> None:
    deal.amount += by_amount
    deal.version += 1
    deal.save(update_fields=["amount", "version"])


def _line_facts(line: Line) -> dict[str, Any]:
    return {
        "line": line.pk,
        "name": line.name,
        "quantity": str(line.quantity),
        "total": str(line.total),
        "amount": str(line.deal.amount),
        "is_upsell": line.product.is_upsell,
        "added_by": line.added_by_id,
    }


def _set(deal: Deal, spec: fields.FieldSpec, value: Any) -> None:
    if not spec.declared:
        empty: Any = {"text": "", "money": Decimal(0)}.get(spec.type)
        kept = Decimal(value) if spec.type == "money" and value is not None else value
        setattr(
            deal,
            f"{spec.key}_id" if spec.type in ("brand", "location") else spec.key,
            kept if kept is not None else empty,
        )
    elif fields.is_empty(value):
        deal.fields.pop(spec.key, None)
    else:
        deal.fields[spec.key] = value


def _refuse_conflicts(
    deal: Deal, wanted: Mapping[str, Any], seen: Mapping[str, Any], known: Mapping[str, fields.FieldSpec]
) -> None:
    changed = {}
    for key, raw in seen.items():
        if key not in known:
            continue
        current = fields.value_of(deal, known[key])
        if not fields.is_empty(current) and not fields.fits(known[key], current):
            current = fields.as_written(known[key], current)
            before = raw
        else:
            before = fields.parse_all({key: raw}, known)[key]
        same = current == before or (fields.is_empty(current) and fields.is_empty(before))
        if not same and current != wanted.get(key):
            changed[key] = (current, wanted.get(key))
    if changed:
        raise Conflict(changed)
