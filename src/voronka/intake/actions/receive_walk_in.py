"""A client who stands at the counter: entered in seconds, accounted in the ledger like everybody."""

import json
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.clients.queries import identify
from voronka.deals.actions import AlreadyTaken, attach_inquiry, take_deal
from voronka.deals.models import Deal
from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors, Refusal
from voronka.staff.models import Brand, Location, Person

from ..inquiry import Inquiry
from ..models import Entry, Source
from ..profiles import PROFILES
from ..reading import delivery_of
from ._place import details_of, lock, open_deal, open_new, touch_of

PROFILE = "manual"
#: No secret: this source has no address.
KEY = "walk-in"


@dataclass(frozen=True, kw_only=True)
class WalkIn:
    """`opened`: a new deal, the author's; `taken`: the client's waiting deal is the author's now; `joined`: the author
    led it already; `led`: somebody else, `led_by`, leads this client, and has it in the deal's timeline.
    """

    outcome: str
    deal: Deal
    led_by: Person | None = None


def receive_walk_in(
    *,
    by: Actor,
    name: str,
    phone: str,
    text: str = "",
    brand: Brand | None = None,
    location: Location | None = None,
) -> WalkIn:
    """Name, phone, Enter. Raises FieldErrors under `phone`, Refusal when the role opens no deals."""
    if not by.may("create_deals"):
        raise Refusal(_("Your role does not open deals."), rule="role")
    assert by.person_id is not None, "a walk-in has an author"
    with transaction.atomic():
        author = (
            Person.objects.select_related("role", "seat")
            .prefetch_related("brands", "locations")
            .get(pk=by.person_id or 0)
        )
        location = location or _only(list(author.locations.all()))
        brand = brand or (location.brand if location else _only(list(author.brands.all())))
        entry = _write_entry(name=name, phone=phone, text=text)
        inquiry = PROFILES[PROFILE].parse(delivery_of(entry), {})
        if not inquiry.identities:
            raise FieldErrors({"phone": _("This does not look like a phone number.")})
        entry.parsed = inquiry.model_dump(mode="json", exclude_defaults=True)
        lock(inquiry)
        contact = identify(inquiry.identities, name=inquiry.name)
        deal = open_deal(contact) if contact else None
        if deal:
            walk_in = _join(entry, inquiry, deal, author, by)
        else:
            opened = open_new(entry, inquiry, contact, by=by, responsible=author, brand=brand, location=location)
            walk_in = WalkIn(outcome="opened", deal=opened)
        entry.account = Entry.Account.ATTACHED if deal else Entry.Account.DEAL
        entry.deal, entry.settled_at = walk_in.deal, clock.now()
        entry.save(update_fields=["account", "parsed", "deal", "settled_at"])
    return walk_in


def _join(entry: Entry, inquiry: Inquiry, deal: Deal, author: Person, by: Actor) -> WalkIn:
    attach_inquiry(
        deal.pk,
        by=by,
        text=inquiry.text,
        touch=touch_of(entry, inquiry),
        entry=entry.pk,
        source=entry.source.title,
        details=details_of(inquiry),
    )
    if deal.responsible_id is None:
        try:
            return WalkIn(outcome="taken", deal=take_deal(deal.pk, by=by))
        except (AlreadyTaken, Refusal):
            deal.refresh_from_db()
    if deal.responsible_id == author.pk or deal.seat_id == author.seat_id:
        return WalkIn(outcome="joined", deal=deal)
    return WalkIn(outcome="led", deal=deal, led_by=deal.responsible)


def _write_entry(*, name: str, phone: str, text: str) -> Entry:
    body = json.dumps({"name": name, "phone": phone, "comment": text}, ensure_ascii=False)
    return Entry.objects.create(
        source=_source(),
        received_at=clock.now(),
        content_type="application/json",
        body=body.encode("utf-8", "replace"),
    )


def _source() -> Source:
    """The one source of all walk-ins, made with the first of them."""
    source, _made = Source.objects.get_or_create(
        key=KEY,
        defaults={
            "title": _("Walked in"),
            "profile": PROFILE,
            "channel": "walk_in",
            "honeypot": "",
            "created_at": clock.now(),
        },
    )
    return source


def _only(rows: list[Any]) -> Any:
    return rows[0] if len(rows) == 1 else None
