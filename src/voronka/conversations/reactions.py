"""What conversations do when they hear of others: bound in `voronka.wiring`."""

from collections.abc import Sequence

from voronka.clients.models import Company, Note
from voronka.deals.models import Deal
from voronka.kernel.actor import Actor
from voronka.kernel.models import Event
from voronka.staff.models import Person

from .actions._rows import recount, renew_audience
from .models import Conversation, Message


def follow_owner(events: Sequence[Event], by: Actor) -> None:
    """Whoever leads the client's deal now answers the client, too."""
    owners = dict(
        Deal.objects.filter(pk__in=[event.deal_id for event in events]).values_list("company_id", "responsible")
    )
    for row in Conversation.objects.select_for_update(of=("self",)).filter(company_id__in=owners).order_by("pk"):
        owner = Person.objects.filter(pk=owners[row.company_id] or 0).first()
        if owner is not None and owner.pk != row.taken_by_id:
            row.taken_by, row.taken_seat, row.taken_at = owner, owner.seat_id, events[0].at
            row.save(update_fields=["taken_by", "taken_seat", "taken_at"])
            renew_audience(row)


def show_notes(events: Sequence[Event], by: Actor) -> None:
    """A note about a client who has a conversation stands in its thread, wherever it was written."""
    ids = [event.data["note"] for event in events if event.data.get("note")]
    talking = Conversation.objects.filter(company_id__in=[event.company_id for event in events])
    clients = set(talking.values_list("company_id", flat=True))
    notes = Note.objects.filter(pk__in=ids, company_id__in=clients) if clients else []
    Message.objects.bulk_create(
        Message(
            company_id=note.company_id,
            deal_id=note.deal_id,
            way=Message.Way.NOTE,
            at=note.created_at,
            author_id=note.author_id,
            note=note,
        )
        for note in notes
    )


def follow_merges(events: Sequence[Event], by: Actor) -> None:
    """Messages went from client to client: the rows say again what the threads say."""
    ids = {event.company_id for event in events} | {event.data.get("other") for event in events}
    clients = Company.objects.filter(pk__in=[one for one in ids if one]).order_by("pk")
    for client in clients:
        newest = client.said.order_by("-at", "-turn", "-pk").first()
        if newest is None:
            Conversation.objects.filter(company=client).delete()
            continue
        row, _made = Conversation.objects.get_or_create(company=client, defaults={"last_at": newest.at})
        renew_audience(row)
    recount(clients.values_list("pk", flat=True))
