"""Entries read again as the deliveries they were."""

from django.utils.translation import gettext as _

from .bodies import BodyError, as_text
from .delivery import Delivery
from .models import Entry, Source

#: Nobody fills a form faster; robots do.
FASTEST_MS = 1000
_TRAPS = ("form", "json")
#: Carried by the test deliveries of the sources page: they go the whole way but open no deal.
TEST_HEADER = "x-voronka-test"


def delivery_of(entry: Entry) -> Delivery:
    return Delivery(
        body=bytes(entry.body),
        content_type=entry.content_type,
        headers=entry.headers,
        query=entry.query,
        received_at=entry.received_at,
        remote_address=entry.remote_address,
    )


def fell_into_trap(delivery: Delivery, source: Source) -> str:
    """Why this is a robot's work, or an empty text. Only our own forms have traps."""
    if source.profile not in _TRAPS:
        return ""
    values = delivery.decoded.values
    if source.honeypot and as_text(values.get(source.honeypot)).strip():
        return _("the hidden field was filled")
    elapsed = as_text(values.get("elapsed_ms"))
    if elapsed.isascii() and elapsed.isdigit() and len(elapsed) < 12 and int(elapsed) < FASTEST_MS:
        return _("filled faster than a person can")
    return ""


def pairs_of(entry: Entry, profile: "object") -> list[tuple[str, str]]:
    """What arrived as (name, value); the raw text when it can't be read."""
    try:
        return profile.pairs(delivery_of(entry))  # type: ignore[attr-defined]
    except BodyError:
        return [("", bytes(entry.body)[:2000].decode("utf-8", "replace"))]
