"""Who answers: taking, handing over, putting off, closing, looking."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.deals.actions import AlreadyTaken, assign_deal, take_deal
from voronka.deals.actions.assign_deal import Entry, assign_refusal
from voronka.deals.models import Deal
from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors
from voronka.notices.actions import notify
from voronka.staff.models import Person

from ..models import Conversation
from ._rows import allowed, open_deal_of, put_word, refresh, renew_audience, tell


def take(company_id: int, *, by: Actor) -> Conversation:
    """Whoever takes first answers; an untaken deal of the client goes with it."""
    with transaction.atomic():
        row = allowed(company_id, by)
        if row.taken_by_id == by.person_id:
            return row
        if row.taken_by is not None:
            raise AlreadyTaken(row.taken_by)
        deal = open_deal_of(company_id)
        if deal and deal.responsible_id is None:
            take_deal(deal.pk, by=by)
            deal.refresh_from_db()
        waited = round((clock.now() - row.unanswered_since).total_seconds()) if row.unanswered_since else None
        _give(row, Person.objects.get(pk=by.person_id or 0))
        put_word(row, by, act="taken", waited=waited)
        tell("conversation.taken", row, by, {"person": by.person_id}, deal=deal)
    return row


def hand_over(company_id: int, *, by: Actor, to: Person, note: str = "") -> Conversation:
    """Somebody else answers from now on, and is told. Open deals that the giver may hand over go along."""
    if not to.is_active:
        raise FieldErrors({"to": _("This person works here no longer.")})
    with transaction.atomic():
        row = allowed(company_id, by)
        deal = open_deal_of(company_id)
        deals = list(Deal.objects.filter(company_id=company_id, closed_at=None).select_related("responsible__role"))
        entry = Entry(by=by).expect(deals)
        for one in deals:
            if one.responsible_id in (by.person_id, None) and assign_refusal(one, by=by, to=to, entry=entry) is None:
                assign_deal(one.pk, by=by, to=to)
        row.refresh_from_db()
        _give(row, to)
        put_word(row, by, act="handed", to=to.pk, note=note.strip()[:500])
        tell("conversation.handed", row, by, {"to": to.pk, "note": note.strip()[:500]}, deal=deal)
        if to.pk != by.person_id:
            giver = Person.objects.filter(pk=by.person_id or 0).values_list("name", flat=True).first() or _("Voronka")
            notify(
                [to],
                kind="message",
                key=f"conversation:{company_id}",
                title=_("{name} hands you a conversation: {client}").format(name=giver, client=row.company.name),
                body=note.strip() or row.last_text,
                url=f"/inbox/{company_id}",
            )
    return row


def snooze(company_id: int, *, by: Actor, until: datetime) -> Conversation:
    """Out of sight until then; whatever the client writes brings it back at once."""
    if until <= clock.now():
        raise FieldErrors({"until": _("This moment is over.")})
    with transaction.atomic():
        row = allowed(company_id, by)
        row.snoozed_until = until
        row.save(update_fields=["snoozed_until"])
        put_word(row, by, act="snoozed", until=until.isoformat())
        tell("conversation.snoozed", row, by, {"until": until.isoformat()}, deal=open_deal_of(company_id))
    return row


def close(company_id: int, *, by: Actor) -> Conversation:
    """Nothing more is to be answered; a further message of the client opens it again."""
    with transaction.atomic():
        row = allowed(company_id, by)
        if row.closed_at is None:
            row.closed_at = row.settled_at = clock.now()
            row.snoozed_until = None
            row.save(update_fields=["closed_at", "settled_at", "snoozed_until"])
            put_word(row, by, act="closed")
            row = refresh(row)
            tell("conversation.closed", row, by, {}, deal=open_deal_of(company_id))
    return row


def reopen(company_id: int, *, by: Actor) -> Conversation:
    """Into sight again: neither closed nor put off."""
    with transaction.atomic():
        row = allowed(company_id, by)
        if row.closed_at is not None and row.settled_at == row.closed_at:
            row.settled_at = None
        row.closed_at = row.snoozed_until = None
        row.save(update_fields=["closed_at", "snoozed_until", "settled_at"])
        put_word(row, by, act="opened")
        deal = open_deal_of(company_id)
        row = refresh(row, deal)
        tell("conversation.opened", row, by, {}, deal=deal)
    return row


def read(company_id: int, *, by: Actor) -> None:
    """Somebody who answers has looked: nothing is unread."""
    row = Conversation.objects.filter(company_id=company_id, unread__gt=0).first()
    if row is None or row.taken_by_id not in (None, by.person_id):
        return
    with transaction.atomic():
        row = allowed(company_id, by)
        row.read_at, row.unread = clock.now(), 0
        row.save(update_fields=["read_at", "unread"])
        tell("conversation.read", row, by, {})


def _give(row: Conversation, to: Person) -> None:
    row.taken_by, row.taken_seat, row.taken_at, row.snoozed_until = to, to.seat_id, clock.now(), None
    row.save(update_fields=["taken_by", "taken_seat", "taken_at", "snoozed_until"])
    renew_audience(row)
