"""Reads of messages: how a client is reached, what waits for people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from voronka.clients.models import Company, Contact, Identity
from voronka.kernel.models import Event
from voronka.staff.models import Person

from .models import Message
from .ports import channels

LAST = "last"
#: So many that wait are counted; of more a page says «1 000+».
MANY = 1_000


@dataclass(frozen=True, kw_only=True)
class Way:
    """How a client is reached."""

    channel: str
    address: str
    contact: Contact


@dataclass(frozen=True, kw_only=True)
class Waits:
    """How many messages of one rule are in one state. `rule` is «» for what people wrote."""

    state: str
    rule: str
    count: int


def set_up() -> list[str]:
    """Channels that can send now."""
    return [key for key, channel in channels().items() if channel.is_set_up()]


def way_to(company: Company, contact: Contact | None, wanted: Sequence[str]) -> Way | None:
    """The first wanted channel that is set up and reaches the contact, else another person of the client."""
    known = channels()
    keys = [key for one in wanted for key in ([last_channel(company)] if one == LAST else [one])]
    identities = list(Identity.objects.filter(contact__company=company).select_related("contact").order_by("id"))
    identities.sort(key=lambda identity: contact is None or identity.contact_id != contact.pk)
    for key in dict.fromkeys(keys):
        if key not in known or not known[key].is_set_up():
            continue
        for identity in identities:
            if identity.kind == known[key].reaches:
                return Way(channel=key, address=identity.value, contact=identity.contact)
    return None


def ways_by(channel: str, company_ids: Iterable[int]) -> dict[int, list[Way]]:
    """How each of these clients is reached by the channel; whoever was known first, first. One query."""
    reaches = channels()[channel].reaches
    found: dict[int, list[Way]] = {}
    identities = Identity.objects.filter(kind=reaches, contact__company__in=set(company_ids))
    for one in identities.select_related("contact").order_by("id"):
        way = Way(channel=channel, address=one.value, contact=one.contact)
        found.setdefault(one.contact.company_id, []).append(way)
    return found


def drafts_of(deal_ids: Iterable[int]) -> QuerySet[Message]:
    return Message.objects.filter(deal_id__in=deal_ids, state=Message.State.DRAFT)


def last_channel(company: Company) -> str:
    """By which the client wrote last; «» when they never did."""
    wrote = Event.objects.filter(company_id=company.pk, kind="message.received").order_by("-id").first()
    return str(wrote.data.get("channel", "")) if wrote else ""


def waiting(person: Person) -> QuerySet[Message]:
    """What was held back or failed and waits for people to send or drop it, newest first."""
    held = Q(state__in=[Message.State.HELD, Message.State.FAILED])
    return Message.objects.visible_to(person).filter(held).order_by("-id")


def reasons(person: Person) -> list[Waits]:
    """How many of the newest MANY wait, by state and by the rule that wrote them, the most first. One query."""
    newest = Message.objects.filter(pk__in=waiting(person).values("pk")[:MANY])
    counted = newest.order_by().values("state", "rule").annotate(count=Count("pk"))
    return sorted((Waits(**row) for row in counted), key=lambda one: -one.count)
