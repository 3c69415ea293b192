"""Where an inquiry belongs: the client, then the client's open deal or a new one. Runs in the entry's transaction."""

import hashlib
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.db import connection
from django.utils.translation import gettext as _

from voronka.clients.actions import add_identity, change_contact, register_client
from voronka.clients.models import Contact, Identity
from voronka.clients.queries import identify
from voronka.deals import fields as deal_fields
from voronka.deals.actions import attach_inquiry, create_deal
from voronka.deals.models import Deal, Funnel
from voronka.kernel import actor, clock
from voronka.kernel.actor import Actor
from voronka.kernel.events import Refs, record
from voronka.kernel.models import Attachment
from voronka.process.queries import intake_routes
from voronka.staff.models import Brand, Location, Person

from ..bodies import UploadedFile
from ..inquiry import Inquiry
from ..models import Entry

#: A deal of quality control is not where a new wish of the client belongs.
_JOINABLE = (Funnel.Kind.SALES, Funnel.Kind.QUALIFICATION)


def place_inquiry(entry: Entry, inquiry: Inquiry, files: Sequence[UploadedFile], *, by: Actor) -> None:
    """Sets the entry's account and deal. Two inquiries of one new client at once make one client."""
    lock(inquiry)
    contact = identify(inquiry.identities, name=inquiry.name)
    deal = open_deal(contact) if contact else None
    if contact:
        learn(contact, inquiry, by)
    if deal:
        details = details_of(inquiry) | _attach_files(files, deal)
        touch = touch_of(entry, inquiry)
        attach_inquiry(
            deal.pk, by=by, text=inquiry.text, touch=touch, entry=entry.pk, source=entry.source.title, details=details
        )
        entry.account, entry.deal = Entry.Account.ATTACHED, deal
    else:
        entry.deal = open_new(entry, inquiry, contact, by=by, files=files)
        entry.account = Entry.Account.DEAL


def place_upgrade(entry: Entry, inquiry: Inquiry) -> bool:
    """A delivery of an order that has come before: its payment joins the deal, anything else is a duplicate."""
    lock(inquiry)
    keys = (f"order:{inquiry.order}", f"order:{inquiry.order}:paid")
    earlier = (
        Entry.objects.filter(source_id=entry.source_id, delivery_key__in=keys)
        .exclude(pk=entry.pk)
        .exclude(deal=None)
        .select_related("deal")
        .first()
    )
    if earlier is None or earlier.deal is None:
        return False
    entry.deal, entry.reason = earlier.deal, ""
    if not inquiry.paid:
        entry.account, entry.duplicate_of = Entry.Account.DUPLICATE, earlier
        return True
    amount = f"{inquiry.amount:f}" if inquiry.amount is not None else "?"
    text = _("Order {order} is paid: {amount} ({system}).").format(
        order=inquiry.order, amount=amount, system=inquiry.payment_system or "?"
    )
    by = actor.client(entry.source.title)
    touch = earlier.deal.last_touch
    attach_inquiry(
        earlier.deal.pk,
        by=by,
        text=text,
        touch=touch,
        entry=entry.pk,
        source=entry.source.title,
        details=details_of(inquiry),
    )
    entry.account = Entry.Account.ATTACHED
    return True


def lock(inquiry: Inquiry) -> None:
    """Till the end of the transaction nobody else looks for, or makes, a client with one of these identities."""
    wanted = [f"{kind}:{value}" for kind, value in inquiry.identities]
    if inquiry.order:
        wanted.append(f"order:{inquiry.order}")
    keys = sorted({int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True) for name in wanted})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(key) FROM unnest(%s::bigint[]) AS key", [keys])


def open_deal(contact: Contact) -> Deal | None:
    """The client's newest open deal, locked till the end of the transaction."""
    return (
        Deal.objects.select_for_update(of=("self",))
        .filter(company_id=contact.company_id, closed_at=None, funnel__kind__in=_JOINABLE)
        .order_by("-created_at", "-pk")
        .first()
    )


def open_new(
    entry: Entry,
    inquiry: Inquiry,
    contact: Contact | None,
    *,
    by: Actor,
    files: Sequence[UploadedFile] = (),
    responsible: Person | None = None,
    brand: Brand | None = None,
    location: Location | None = None,
) -> Deal:
    """A deal for a client without an open one: in the funnel for the known, or for the new with the client made."""
    routes = intake_routes()
    known = contact is not None
    if contact is None:
        contact = register_client(by=by, name=inquiry.name, identities=inquiry.identities)
    source = entry.source
    location = location or _by_name(Location, inquiry.location) or source.location
    brand = brand or _by_name(Brand, inquiry.brand) or (location.brand if location else None) or source.brand
    touch = touch_of(entry, inquiry)
    values, unfit = _fitting(inquiry)
    deal = create_deal(
        by=by,
        funnel=routes.repeat if known else routes.new,
        company=contact.company,
        contact=contact,
        title=(inquiry.title or inquiry.form or _headline(inquiry.text) or source.title)[:200],
        amount=inquiry.amount or Decimal(0),
        responsible=responsible,
        brand=brand,
        location=location,
        source_id=source.pk,
        channel=source.channel,
        touch=touch,
        first_touch=_first_touch(contact) if known else None,
        fields=values,
        is_repeat=known,
    )
    inquiry.answers += unfit
    data = details_of(inquiry) | _attach_files(files, deal)
    data |= {"text": inquiry.text, "entry": entry.pk, "source": source.title, "touch": touch}
    refs = Refs(
        deal=deal.pk, company=deal.company_id, funnel=deal.funnel_id, stage=deal.stage_id, audience=deal.audience
    )
    record("inquiry.received", refs, by=by, data=data)
    return deal


def touch_of(entry: Entry, inquiry: Inquiry) -> dict[str, Any]:
    return inquiry.touch() | {
        "source": entry.source.title,
        "channel": entry.source.channel,
        "at": entry.received_at.isoformat(),
    }


def details_of(inquiry: Inquiry) -> dict[str, Any]:
    """What the client sent besides the text, for the timeline."""
    details: dict[str, Any] = {"answers": [list(pair) for pair in inquiry.answers]}
    if inquiry.lines:
        details["lines"] = [line.model_dump(mode="json", exclude_none=True) for line in inquiry.lines]
    if inquiry.order:
        amount = str(inquiry.amount) if inquiry.amount is not None else None
        details["payment"] = {
            "order": inquiry.order,
            "paid": inquiry.paid,
            "amount": amount,
            "system": inquiry.payment_system,
        }
    if inquiry.flags:
        details["flags"] = inquiry.flags
    return details


def learn(contact: Contact, inquiry: Inquiry, by: Actor) -> None:
    """What a known client tells anew: a further address nobody else has, the name we did not know."""
    if len(inquiry.identities) > 1:
        taken = set(
            Identity.objects.filter(value__in=[value for _kind, value in inquiry.identities]).values_list(
                "kind", "value"
            )
        )
        for kind, value in inquiry.identities:
            if (kind, value) not in taken:
                add_identity(contact.pk, by=by, kind=kind, raw=value)
    if inquiry.name and contact.name == _("No name"):
        change_contact(contact.pk, by=by, values={"name": inquiry.name})


def _first_touch(contact: Contact) -> dict[str, Any] | None:
    return (
        Deal.objects.filter(company_id=contact.company_id)
        .order_by("created_at", "pk")
        .values_list("first_touch", flat=True)
        .first()
    )


def _fitting(inquiry: Inquiry) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """(values that fit their fields, the rest as answers): a wrong value never costs the inquiry."""
    if not inquiry.fields:
        return {}, []
    known, fit, unfit = deal_fields.specs(), {}, []
    for key, raw in inquiry.fields.items():
        try:
            deal_fields.parse(_told(known[key]), raw)
            fit[key] = raw
        except (KeyError, ValueError):
            unfit.append((str(known[key].title) if key in known else key, raw))
    return fit, unfit


def _told(spec: deal_fields.FieldSpec) -> deal_fields.FieldSpec:
    """ValueError for a field that no stranger can fill: who we know and which files a deal has is ours to say."""
    if spec.type in ("client", "file"):
        raise ValueError
    return spec


def _by_name(model: type[Brand] | type[Location], name: str) -> Any:
    if not name:
        return None
    return model.objects.filter(name__iexact=name).first() or model.objects.filter(key__iexact=name).first()


def _headline(text: str) -> str:
    first = text.strip().partition("\n")[0]
    return first if len(first) <= 80 else first[:79].rsplit(" ", 1)[0] + "…"


def _attach_files(files: Iterable[UploadedFile], deal: Deal) -> dict[str, Any]:
    kept = []
    for file in files:
        attachment = Attachment(
            name=file.name,
            content_type=file.content_type,
            size=len(file.content),
            deal_id=deal.pk,
            company_id=deal.company_id,
            created_at=clock.now(),
        )
        attachment.file.save(_safe_name(file.name), ContentFile(file.content), save=False)
        attachment.save()
        kept.append(attachment.pk)
    return {"files": kept} if kept else {}


def _safe_name(name: str) -> str:
    """A name for the disk: letters, digits and the last suffix; what the client called it stays in `name`."""
    stem, _dot, suffix = name.rpartition(".")
    plain = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in stem or name).strip("-")[:60]
    ending = "".join(sign for sign in suffix if sign.isascii() and sign.isalnum())[:10] if stem else ""
    return f"{plain or 'file'}.{ending}" if ending else plain or "file"
