"""What happened, in order: programs follow it by a cursor instead of asking every list again."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any

from django.db.models import QuerySet
from ninja import Field, Query, Router, Schema

from voronka.clients.merges import parts_of
from voronka.clients.models import Company, Merge
from voronka.deals.models import Deal
from voronka.kernel import clock
from voronka.kernel.access import EVERYTHING
from voronka.kernel.events import veil
from voronka.kernel.models import Event

from ..door import ApiRequest, Door
from ..gate import one
from ..paging import LARGEST, Id, Line, read_cursor, write_cursor

router = Router(auth=Door("events"), tags=["events"])

#: Kinds that belong to one person's page or to the staff's own affairs.
UNTOLD = ("notice.", "person.", "token.", "deal.read")
#: An event gets its number before its transaction ends: the feed waits so long for those that are late.
SETTLED = timedelta(seconds=3)
#: A request looks at so many numbers at most, so one who sees little asks more often instead of waiting long.
WINDOW = 20_000


class EventShape(Schema):
    """`by_kind` is person, client, rule, system, import or api; `why` the rule, source or token."""

    id: int
    at: datetime
    kind: str
    by_kind: str
    person: int | None
    why: str
    deal: int | None
    client: int | None
    task: int | None
    data: dict[str, Any]


class EventPage(Schema):
    """`next` is always there: ask with it again later. `more`: ask at once."""

    items: list[EventShape]
    next: str
    more: bool


class Asked(Schema):
    """Oldest first. `cursor` «now» starts at this moment."""

    limit: Annotated[int, Field(ge=1, le=LARGEST)] = 100
    cursor: Annotated[str, Field(max_length=200)] = ""
    kind: Line = ""
    deal: Id | None = None
    client: Id | None = None


@router.get("", response=EventPage)
def list_events(request: ApiRequest, asked: Query[Asked]) -> dict[str, Any]:
    """Events that the caller could see when they happened; of one deal or client: all that is told there."""
    settled = Event.objects.filter(at__lt=clock.now() - SETTLED)
    newest = settled.order_by("-id").values_list("id", flat=True).first() or 0
    if asked.cursor == "now":
        return {"items": [], "next": write_cursor(newest, "id"), "more": False}
    after = read_cursor(asked.cursor, "id") if asked.cursor else 0
    events = _of(request, asked).filter(pk__gt=after, pk__lte=newest)
    until = newest
    if asked.deal is None and asked.client is None:
        after = max(after, _first(after) - 1)
        until = min(newest, after + WINDOW)
        events = events.filter(pk__lte=until)
    for kind in UNTOLD:
        events = events.exclude(kind__startswith=kind)
    if asked.kind:
        events = events.filter(kind=asked.kind)
    found = list(events.order_by("id")[: asked.limit + 1])
    full = len(found) > asked.limit
    found = found[: asked.limit]
    shown = veil(request.caller.actor)
    reached = found[-1].pk if full else max(until, after)
    return {
        "items": [shape(event, shown) for event in found],
        "next": write_cursor(reached, "id"),
        "more": reached < newest,
    }


def _of(request: ApiRequest, asked: Asked) -> QuerySet[Event]:
    person = request.caller.person
    events = Event.objects.all()
    if asked.deal is not None:
        return events.filter(deal_id__in=one(Deal.objects.visible_to(person), asked.deal).all_ids)
    if EVERYTHING not in person.reach:
        events = events.filter(audience__overlap=sorted(person.reach))
    if asked.client is not None:
        client = one(Company.objects.visible_to(person), asked.client)
        events = events.filter(company_id__in=parts_of(Merge.Kind.COMPANY, client.pk))
    return events


def _first(after: int) -> int:
    """The next number there is: old events may have been cut off."""
    return Event.objects.filter(pk__gt=after).order_by("id").values_list("id", flat=True).first() or after + 1


def shape(event: Event, shown: Callable[[Mapping[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    keys = ("id", "at", "kind", "by_kind", "why")
    return {
        "data": shown(event.data),
        **{key: getattr(event, key) for key in keys},
        "person": event.person_id,
        "deal": event.deal_id,
        "client": event.company_id,
        "task": event.task_id,
    }
