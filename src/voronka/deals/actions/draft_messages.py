from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors, Refusal
from voronka.messages import drafts, queries
from voronka.messages.actions import Whom
from voronka.messages.models import Message
from voronka.messages.queries import Way

from ..access import change_refusal
from ..filling import holes
from ..models import Deal
from ._rows import locked, locked_rows


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How a channel reaches the client of each of many deals, and which of them hold a draft of it already."""

    ways: Mapping[int, Way]
    drafted: frozenset[int]


def reach_of(deals: Iterable[Deal], channel: str) -> Reach:
    """The deal's own contact first, then others of the client. Two queries, however many deals."""
    deals = list(deals)
    known = queries.ways_by(channel, (deal.company_id for deal in deals))
    ways = {deal.pk: _nearest(known[deal.company_id], deal) for deal in deals if deal.company_id in known}
    drafted = queries.drafts_of(deal.pk for deal in deals).filter(channel=channel)
    return Reach(ways=ways, drafted=frozenset(drafted.values_list("deal_id", flat=True)))


def _nearest(ways: Sequence[Way], deal: Deal) -> Way:
    return next((way for way in ways if way.contact.pk == deal.contact_id), ways[0])


def draft_refusal(deal: Deal, *, by: Actor, reach: Reach) -> Refusal | None:
    """Why no draft is laid into this deal."""
    if no := change_refusal(by, deal):
        return no
    if deal.pk in reach.drafted:
        return Refusal(_("A draft lies in this deal already."), rule="draft")
    if deal.pk not in reach.ways:
        return Refusal(_("The client has no address in this channel."), rule="channel")
    return None


def draft_messages(
    deal_ids: Sequence[int], *, by: Actor, channel: str, subject: str, text: str, fill: Callable[[str, Deal], str]
) -> dict[int, Refusal]:
    """Lay a draft of a message into each deal, filled from its card; answers the deals without one, and why."""
    with transaction.atomic():
        deals = locked_rows(deal_ids)
        prefetch_related_objects(deals, "company", "contact")
        reach = reach_of(deals, channel)
        refused = {deal.pk: no for deal in deals if (no := draft_refusal(deal, by=by, reach=reach))}
        made = [
            drafts.Draft(
                whom=Whom(company=deal.company, deal_id=deal.pk, audience=deal.audience),
                way=reach.ways[deal.pk],
                subject=fill(subject, deal),
                text=fill(text, deal),
            )
            for deal in deals
            if deal.pk not in refused
        ]
        drafts.keep_drafts(made, by=by)
    return refused


def send_draft(deal_id: int, draft_id: int, *, by: Actor, text: str, subject: str = "") -> Deal:
    """Send a draft as it is written now; what is still to be filled in keeps it back. Raises FieldErrors, Refusal."""
    with transaction.atomic():
        deal = locked(deal_id, by)
        for name, written in (("subject", subject), ("text", text)):
            if left := holes(written, by=by):
                raise FieldErrors({name: _("Fill in first: %(holes)s") % {"holes": ", ".join(left)}})
        drafts.send_draft(_draft(deal, draft_id), by=by, text=text, subject=subject, audience=deal.audience)
    return deal


def drop_draft(deal_id: int, draft_id: int, *, by: Actor) -> Deal:
    with transaction.atomic():
        deal = locked(deal_id, by)
        drafts.drop_draft(_draft(deal, draft_id), by=by, audience=deal.audience)
    return deal


def _draft(deal: Deal, draft_id: int) -> Message:
    return Message.objects.select_for_update().get(pk=draft_id, deal=deal)
