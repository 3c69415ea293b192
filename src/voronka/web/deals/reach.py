"""People of a client and how each is reached."""

from collections.abc import Iterable
from typing import Any

from voronka.clients.models import Contact, Identity
from voronka.web import formats

REACH = {"phone": "tel:", "email": "mailto:"}
LINKS = {
    "telegram": "https://t.me/",
    "whatsapp": "https://wa.me/",
    "vk": "https://vk.com/",
    "instagram": "https://instagram.com/",
}


def contacts(people: Iterable[tuple[Contact, Iterable[Identity]]]) -> list[dict[str, Any]]:
    return [{"contact": one, "reach": [_reach(way) for way in ways]} for one, ways in people]


def _reach(identity: Identity) -> dict[str, str]:
    kind, value = str(identity.kind), identity.value
    if kind == "phone":
        text = formats.phone(value)
    else:
        text = value if kind == "email" else f"@{value}"
    href = f"{REACH[kind]}{value}" if kind in REACH else f"{LINKS.get(kind, '')}{value.lstrip('+')}"
    return {"kind": kind, "label": identity.get_kind_display(), "text": text, "href": href}
