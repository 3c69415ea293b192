"""What every view of a conversation begins with, and how it answers."""

from django.http import Http404, HttpResponse, QueryDict

from voronka.clients.models import Company
from voronka.conversations import queries
from voronka.conversations.models import Conversation, Message
from voronka.web.deals.answers import triggering
from voronka.web.requests import PersonRequest


def row_of(request: PersonRequest, client: int) -> Conversation:
    """Through the gate: somebody else's conversation is not there."""
    row = queries.conversation(request.user, client)
    if row is None:
        raise Http404
    return row


def row_or_first(request: PersonRequest, client: int) -> Conversation:
    """The same; of a client to whom nobody has written yet a row that is not kept."""
    if row := queries.conversation(request.user, client):
        return row
    company = Company.objects.visible_to(request.user).filter(pk=client).first()
    if company is None:
        raise Http404
    return Conversation(company=company, audience=company.audience)


def message_of(row: Conversation, number: int) -> Message:
    found = Message.objects.filter(company_id=row.company_id, pk=number).select_related("line__connection").first()
    if found is None:
        raise Http404
    return found


def wanted_of(given: QueryDict) -> queries.Wanted:
    """What the address asks of the list; a wrong value asks nothing."""
    box, channel, place = given.get("box", ""), given.get("channel", ""), given.get("location", "")
    return queries.Wanted(
        box=box if box in queries.BOXES else "unanswered",
        channel=channel[:20],
        location=int(place) if place.isdecimal() and len(place) < 10 else None,
    )


def changed(request: PersonRequest, client: int, **more: object) -> HttpResponse:
    """Nothing but the news: every part of the page that shows this client asks for itself."""
    told = {"company": client, "person": request.user.pk, "kind": "conversation.changed", "keys": ["inbox"]}
    return triggering(HttpResponse(status=204), **{"live:change": told}, **more)
