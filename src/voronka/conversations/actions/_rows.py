"""The conversation's row, locked, and brought in step with its messages; and what is told of them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from voronka.clients.models import Company
from voronka.deals.limits import answer_calendar
from voronka.deals.models import Deal
from voronka.kernel import access, clock
from voronka.kernel.actor import Actor
from voronka.kernel.calendars import Length, due
from voronka.kernel.errors import Refusal
from voronka.kernel.events import Refs, record

from ..models import Conversation, Message

_ENSURE = """
    INSERT INTO conversations_conversation (company_id, audience, channel, last_at, last_text, last_way, last_state,
                                            last_rule, unread)
    SELECT id, audience, '', %s, '', '', '', '', 0 FROM clients_company WHERE id = %s
    ON CONFLICT DO NOTHING
"""

# Whatever order messages came in, the row says what the thread says. Each part is a step or two in one index.
_RECOUNT = """
    UPDATE conversations_conversation AS row SET
        last_at = coalesce(newest.at, row.last_at), last_text = coalesce(newest.said, ''),
        last_way = coalesce(newest.way, ''), last_state = coalesce(newest.state, ''),
        last_author_id = newest.author_id, last_rule = coalesce(newest.rule, ''),
        channel = coalesce(newest.kind, row.channel), answered_at = answer.at, unanswered_since = asked.at,
        unread = news.count
    FROM conversations_conversation AS own
    LEFT JOIN LATERAL (
        SELECT said.at, said.way, said.state, said.author_id, said.rule, connection.kind, left(
            coalesce(nullif(said.text, ''), (
                SELECT '[' || kind || ']' FROM conversations_part WHERE message_id = said.id ORDER BY id LIMIT 1
            ), ''), 200) AS said
        FROM conversations_message AS said
        LEFT JOIN conversations_line AS line ON line.id = said.line_id
        LEFT JOIN channels_connection AS connection ON connection.id = line.connection_id
        WHERE said.company_id = own.company_id AND said.way IN ('in', 'out') AND said.state <> 'cancelled'
            AND said.deleted_at IS NULL
        ORDER BY said.at DESC, said.turn DESC, said.id DESC LIMIT 1
    ) AS newest ON true
    LEFT JOIN LATERAL (
        SELECT at FROM conversations_message
        WHERE company_id = own.company_id AND way = 'out' AND rule = ''
            AND state IN ('queued', 'sending', 'sent', 'delivered', 'read', 'unknown')
        ORDER BY at DESC, turn DESC, id DESC LIMIT 1
    ) AS answer ON true
    LEFT JOIN LATERAL (
        SELECT at FROM conversations_message
        WHERE company_id = own.company_id AND way = 'in' AND deleted_at IS NULL
            AND at > greatest(coalesce(answer.at, '-infinity'), coalesce(own.settled_at, '-infinity'))
        ORDER BY at, turn, id LIMIT 1
    ) AS asked ON true
    CROSS JOIN LATERAL (
        SELECT count(*) FROM (
            SELECT FROM conversations_message
            WHERE company_id = own.company_id AND way = 'in' AND at > coalesce(own.read_at, '-infinity') LIMIT 100
        ) AS unseen
    ) AS news
    WHERE own.id = row.id AND own.company_id = ANY(%s::bigint[])
"""

_AUDIENCE = """
    UPDATE conversations_conversation AS row SET audience = conversation_audience(client.audience, row.taken_seat)
    FROM clients_company AS client WHERE client.id = row.company_id AND row.id = %s
"""


def locked(company_id: int) -> Conversation:
    """The client's conversation, made if it is new, locked till the end of the transaction."""
    found = Conversation.objects.select_for_update(of=("self",)).filter(company_id=company_id).first()
    if found is None:
        with connection.cursor() as cursor:
            cursor.execute(_ENSURE, [clock.now(), company_id])
        found = Conversation.objects.select_for_update(of=("self",)).get(company_id=company_id)
    return found


def allowed(company_id: int, by: Actor) -> Conversation:
    """The same, for whoever may see it. Raises Refusal."""
    row = locked(company_id)
    if by.reach is not None and not access.sees(by.reach, row.audience):
        raise Refusal(_("This conversation is not yours."), rule="gate")
    return row


def recount(company_ids: Iterable[int]) -> None:
    """Bring the rows in step with their messages."""
    if ids := sorted(set(company_ids)):
        with connection.cursor() as cursor:
            cursor.execute(_RECOUNT, [ids])


def refresh(row: Conversation, deal: Deal | None = None, *, minutes: int | None = None) -> Conversation:
    """Recount one locked row. A client who begins to wait gets the limit: `minutes` of the working time in which
    inquiries of the deal's funnel are answered."""
    before = row.unanswered_since
    recount([row.company_id])
    row.refresh_from_db()
    if row.unanswered_since != before:
        row.answer_due_at = _due(row.unanswered_since, deal, minutes)
        row.save(update_fields=["answer_due_at"])
    return row


def _due(since: datetime | None, deal: Deal | None, minutes: int | None) -> datetime | None:
    if since is None:
        return None
    return due(since, Length(minutes or 5, "minute"), answer_calendar(deal.funnel_id if deal else None))


def renew_audience(row: Conversation) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_AUDIENCE, [row.pk])
    row.refresh_from_db(fields=["audience"])


def open_deal_of(company_id: int) -> Deal | None:
    """The client's newest open deal in which a conversation belongs."""
    kinds = ("sales", "qualification")
    open_ones = Deal.objects.filter(company_id=company_id, closed_at=None, funnel__kind__in=kinds)
    return open_ones.select_related("stage", "funnel").order_by("-created_at", "-pk").first()


def tell(kind: str, row: Conversation, by: Actor, data: Mapping[str, Any], *, deal: Deal | None = None) -> None:
    """An event of a conversation, in the timeline of the deal it is about."""
    refs = Refs(
        deal=deal.pk if deal else None,
        company=row.company_id,
        funnel=deal.funnel_id if deal else None,
        stage=deal.stage_id if deal else None,
        audience=[*row.audience, *(deal.audience if deal else ())],
    )
    record(kind, refs, by=by, data=data)


def facts_of(message: Message) -> dict[str, Any]:
    """What events say of a message."""
    channel = message.line.connection.kind if message.line else ""
    return {"message": message.pk, "channel": channel, "text": message.text[:500], "author": message.author_id}


def put_word(row: Conversation, by: Actor, **facts: Any) -> Message:
    """A line of the thread about the conversation itself: who took it, who handed it over."""
    return Message.objects.create(
        company_id=row.company_id, way=Message.Way.WORD, at=clock.now(), author_id=by.person_id, facts=facts
    )


def touch_client(company_id: int) -> None:
    Company.objects.filter(pk=company_id).update(last_interaction_at=clock.now())
