"""Writes about sources. Their keys are secrets: generated here, renewed here, told to no event."""

import secrets
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.kernel import clock
from voronka.kernel.access import EVERYTHING
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors, Refusal
from voronka.kernel.events import Refs, record
from voronka.staff.models import Brand, Location

from ..models import Source
from ..profiles import PROFILES

FIELDS = (
    "title",
    "profile",
    "channel",
    "brand",
    "location",
    "origins",
    "honeypot",
    "per_address",
    "per_source",
)
LARGEST_LIMIT = 1_000_000


def register_source(
    *,
    by: Actor,
    title: str,
    profile: str,
    channel: str = "site",
    brand: Brand | None = None,
    location: Location | None = None,
    origins: Iterable[str] = (),
    honeypot: str = "website",
    per_address: int = 60,
    per_source: int = 1200,
    mapping: Mapping[str, str] | None = None,
) -> Source:
    """A new source with an address nobody can guess. Raises FieldErrors."""
    values = {
        "title": title,
        "profile": profile,
        "channel": channel,
        "brand": brand,
        "location": location,
        "origins": origins,
        "honeypot": honeypot,
        "per_address": per_address,
        "per_source": per_source,
    }
    _require_manage(by)
    cleaned = _clean(values)
    with transaction.atomic():
        source = Source.objects.create(key=new_key(), mapping=dict(mapping or {}), created_at=clock.now(), **cleaned)
        _record("source.created", source, by, {"profile": source.profile})
    return source


def change_source(source_id: int, *, by: Actor, values: Mapping[str, Any]) -> Source:
    """Change fields of FIELDS. Raises FieldErrors."""
    _require_manage(by)
    cleaned = _clean(values)
    with transaction.atomic():
        source = Source.objects.select_for_update(of=("self",)).get(pk=source_id)
        changes = {}
        for key, new in cleaned.items():
            old = getattr(source, key)
            if old != new:
                setattr(source, key, new)
                changes[key] = [_plain(old), _plain(new)]
        if changes:
            source.save(update_fields=list(changes))
            _record("source.changed", source, by, {"changes": changes})
    return source


def switch_source(source_id: int, *, by: Actor, active: bool) -> Source:
    """Off: its address answers «gone». On again: as before."""
    _require_manage(by)
    with transaction.atomic():
        source = Source.objects.select_for_update(of=("self",)).get(pk=source_id)
        if source.is_active != active:
            source.is_active = active
            source.save(update_fields=["is_active"])
            _record("source.switched", source, by, {"active": active})
    return source


def renew_key(source_id: int, *, by: Actor) -> Source:
    """Another address; the old one is unknown from now on."""
    _require_manage(by)
    with transaction.atomic():
        source = Source.objects.select_for_update(of=("self",)).get(pk=source_id)
        source.key = new_key()
        source.save(update_fields=["key"])
        _record("source.key_renewed", source, by)
    return source


def new_key() -> str:
    return secrets.token_urlsafe(18)


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    cleaned = dict(values)
    errors = {key: _("This can't be changed here.") for key in values if key not in FIELDS}
    if "title" in values:
        cleaned["title"] = str(values["title"]).strip()[:200]
        if not cleaned["title"]:
            errors["title"] = _("Write what people shall call it.")
    if "profile" in values and not (values["profile"] in PROFILES and PROFILES[values["profile"]].addressed):
        errors["profile"] = _("Choose from the list.")
    if "channel" in values:
        cleaned["channel"] = str(values["channel"]).strip()[:50] or "site"
    if "honeypot" in values:
        cleaned["honeypot"] = str(values["honeypot"]).strip()[:50]
    for key in ("per_address", "per_source"):
        if key in values and not (isinstance(values[key], int) and 1 <= values[key] <= LARGEST_LIMIT):
            errors[key] = _("Write a number from 1 to {most}.").format(most=LARGEST_LIMIT)
    if "origins" in values:
        cleaned["origins"], wrong = _origins(values["origins"])
        if wrong:
            errors["origins"] = _("This is not the address of a site: {text}").format(text=wrong[:80])
    if errors:
        raise FieldErrors(errors)
    return cleaned


def _origins(given: Iterable[str]) -> tuple[list[str], str]:
    """(origins, the first wrong one). «site.ru/page» is written as browsers send it: https://site.ru."""
    kept = []
    for text in given:
        text = text.strip()
        if not text:
            continue
        if text == "*":
            kept.append(text)
            continue
        try:
            parts = urlsplit(text if "://" in text else f"https://{text}")
            fits = parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in parts.netloc
            host = parts.hostname.encode("idna").decode() if parts.hostname else ""
            port = f":{parts.port}" if parts.port else ""
        except (ValueError, UnicodeError):
            return kept, text
        if not fits or len(host) > 253:
            return kept, text
        kept.append(f"{parts.scheme}://{host}{port}")
    return list(dict.fromkeys(kept))[:50], ""


def _require_manage(by: Actor) -> None:
    if not by.may("manage_sources"):
        raise Refusal(_("Your role may not manage sources."), rule="role")


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, (Brand, Location)) else value


def _record(kind: str, source: Source, by: Actor, data: dict[str, Any] | None = None) -> None:
    data = {"source": source.pk, "title": source.title, **(data or {})}
    record(kind, Refs(audience=[EVERYTHING]), by=by, data=data)
