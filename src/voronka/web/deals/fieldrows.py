"""Fields of a deal as rows that are edited in place."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from voronka.catalogue.models import Product
from voronka.deals import fields
from voronka.deals.fields import FieldSpec
from voronka.deals.models import Deal, Stage
from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.models import Attachment
from voronka.staff.models import Brand, Location
from voronka.staff.queries import brands, locations, names
from voronka.web import formats

from .pointed import Pointed

KINDS = {
    "text": "text",
    "long_text": "textarea",
    "number": "number",
    "money": "money",
    "date": "date",
    "time": "time",
    "datetime": "datetime",
    "yes_no": "checkbox",
    "choice": "select",
    "choices": "many",
    "person": "select",
    "location": "select",
    "brand": "select",
    "product": "select",
    "client": "client",
    "file": "files",
    "link": "text",
    "phone": "phone",
    "email": "email",
}

#: Shown in place; nothing that can carry a script.
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


class Choices:
    """Options of select fields, each table read once and only when a field asks for it; and the `pointed` rows that are
    too many to choose from a list."""

    def __init__(self, by: Actor) -> None:
        self.pointed = Pointed(by)
        self._rows: dict[str, list[tuple[str, str]]] = {}

    def of(self, spec: FieldSpec) -> list[tuple[str, str]]:
        if spec.type in ("choice", "choices"):
            return [(str(key), str(title)) for key, title in spec.options]
        if spec.type not in self._rows:
            self._rows[spec.type] = [(str(pk), name) for pk, name in self._read(spec.type)]
        return self._rows[spec.type]

    def title(self, spec: FieldSpec, value: Any) -> str:
        if spec.type in ("client", "file"):
            return self.pointed.text(spec, value)
        return next((title for key, title in self.of(spec) if key == str(value)), str(value))

    @staticmethod
    def _read(kind: str) -> Iterable[tuple[int, str]]:
        if kind == "person":
            return names()
        if kind == "product":
            return Product.objects.filter(is_active=True).order_by("name").values_list("pk", "name")
        rows: Mapping[int, Location | Brand] = locations() if kind == "location" else brands()
        return [(pk, row.name) for pk, row in rows.items()]


def groups(
    deal: Deal, known: Mapping[str, FieldSpec], by: Actor, *, editable: bool, ahead: Sequence[Stage]
) -> list[tuple[str, list[dict]]]:
    """(title, rows) in order of showing: declared groups first, what every deal has last."""
    choices = Choices(by)
    choices.pointed.expect((spec, fields.value_of(deal, spec)) for spec in known.values())
    needs = needed(ahead)
    found: dict[str, list[dict]] = {}
    for spec in sorted(known.values(), key=lambda one: not one.declared):
        found.setdefault(str(spec.group) or _("Deal"), []).append(
            row(deal, spec, choices=choices, editable=editable, need=needs.get(spec.key, ""))
        )
    return list(found.items())


def needed(ahead: Sequence[Stage]) -> dict[str, str]:
    """Field key → «for which stage», the nearest one that asks for it."""
    found: dict[str, str] = {}
    for stage in ahead:
        for key in stage.required:
            found.setdefault(key, _("for “%(stage)s”") % {"stage": stage.title})
    return found


def row(deal: Deal, spec: FieldSpec, *, choices: Choices, editable: bool, need: str = "") -> dict[str, Any]:
    """What the macro `row` of parts/fields.html shows. `version` is the value as seen: the conflict is by field."""
    value = fields.value_of(deal, spec)
    raw = raw_text(spec, value)
    kind = KINDS.get(spec.type)
    options = _options(spec, value, choices) if kind in ("select", "many") else None
    more = _pointed(deal, spec, value, choices) if fields.fits(spec, value) else {}
    return {
        "key": spec.key,
        "id": spec.key,
        "label": str(spec.title),
        "value": raw,
        "version": raw,
        "text": shown(spec, value, choices),
        "kind": kind or "text",
        "url": _address(deal, spec) if editable and spec.editable and kind else "",
        "history": f"/deals/{deal.pk}/fields/{spec.key}/history",
        "need": need,
        "options": options,
        "hint": {"money": "18 000", "link": "https://"}.get(spec.type, ""),
        **more,
    }


def _address(deal: Deal, spec: FieldSpec) -> str:
    own = f"/{spec.key}/files" if spec.type == "file" else ""
    return f"/deals/{deal.pk}/fields{own}"


def _pointed(deal: Deal, spec: FieldSpec, value: Any, choices: Choices) -> dict[str, Any]:
    """The way to a client that is seen; files stand there themselves."""
    if spec.type == "file":
        return {"files": [file_link(deal.pk, one) for one in choices.pointed.files(spec, value)]}
    name = choices.pointed.client(spec, value) if spec.type == "client" else None
    return {"named": name, "href": f"/clients/{value}"} if name else {}


def file_link(deal_id: int, file: Attachment) -> dict[str, Any]:
    """A file as parts/files.html shows it."""
    return {
        "id": file.pk,
        "name": file.name,
        "size": file.size,
        "url": f"/deals/{deal_id}/files/{file.pk}",
        "picture": file.content_type in PICTURES,
    }


def _options(spec: FieldSpec, value: Any, choices: Choices) -> list[tuple[str, str]]:
    """What can be chosen; a choice that is offered no more stands there while the deal holds it."""
    held = value if isinstance(value, list) else [value]
    kept = [(key, title) for key, title in spec.retired if key in held]
    return [*([("", _("none"))] if spec.type != "choices" else []), *choices.of(spec), *kept]


def raw_text(spec: FieldSpec, value: Any) -> str:
    """What an input starts from; parsing it gives the same value."""
    if spec.type == "yes_no" and not isinstance(value, str):
        return "true" if value else "false"
    if fields.is_empty(value):
        return ""
    if not fields.fits(spec, value):
        return fields.as_written(spec, value)
    if isinstance(value, list):
        return ",".join(map(str, value))
    if spec.type == "money":
        return formats.money_amount(Decimal(value), language()).replace(formats.NBSP, "")
    return str(value)


def shown(spec: FieldSpec, value: Any, choices: Choices) -> str:
    """How a value reads; one from before the field's type was changed reads as it was written."""
    if fields.is_empty(value) or (spec.key == "amount" and Decimal(value) == 0):
        return ""
    if not fields.fits(spec, value):
        return fields.as_written(spec, value)
    zone, now = timezone.get_current_timezone(), clock.now()
    today = now.astimezone(zone).date()
    if spec.type == "yes_no":
        return _("Yes") if value else _("No")
    if spec.type == "choice":
        return spec.option_title(value)
    if spec.type in ("person", "location", "brand", "product", "client", "file"):
        return choices.title(spec, value)
    if spec.type == "choices":
        return ", ".join(spec.option_title(one) for one in value)
    if spec.type == "money":
        return formats.money(Decimal(value), language())
    if spec.type == "number":
        text = formats.number(value, language())
        return f"{text}{formats.NBSP}{spec.unit}" if spec.unit else text
    if spec.type == "date":
        day = date.fromisoformat(value)
        return f"{formats.day(day, today=today, language=language())}, {formats.weekday(day, language())}"
    if spec.type == "time":
        return time.fromisoformat(value).strftime("%H:%M")
    if spec.type == "datetime":
        moment = datetime.fromisoformat(value)
        return f"{formats.day(moment.date(), today=today, language=language())} {moment:%H:%M}"
    return formats.phone(value) if spec.type == "phone" else str(value)


def language() -> str:
    return get_language() or "en"
