"""Reads of deals. Each starts from the gate or takes a deal that came through it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from voronka.clients.models import Company, Identity
from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.models import Attachment, Event
from voronka.staff.models import Person
from voronka.tasks.models import Task

from .access import saw_untaken
from .fields import hidden_from
from .models import Deal, Funnel, LossReason, Stage

#: Order of tiles → ordering that an index holds; the queue is always by its nearest step.
ORDERS: dict[str, tuple[str, ...]] = {
    "step": ("next_step_at", "id"),
    "new": ("-stage_entered_at", "-id"),
    "amount": ("-amount", "-id"),
}
PAGE = 20
#: So many are counted one by one; of more a page says «10 000+».
MANY = 10_000
#: For so long the one who was late is told who took it.
RECENTLY = timedelta(minutes=30)
HISTORY = 30
#: So many changes of one field are shown.
CHANGES = 50
#: What becomes of a note is shown where the note stands.
NOTE_ACTS = ("note.edited", "note.deleted", "note.restored", "note.pinned", "note.unpinned")
#: Kinds that are for reports and live updates, not for reading.
UNSPOKEN = ("deal.read", *NOTE_ACTS)


def visible(person: Person) -> QuerySet[Deal]:
    """Deals of this person with everything a tile or a card reads of them."""
    return Deal.objects.visible_to(person).select_related("company", "contact", "stage", "responsible", "source")


def taken_from(person: Person, deal_id: int) -> Person | None:
    """Who was quicker: the owner of a deal that this person saw untaken a moment ago. Says nothing of other deals."""
    deal = Deal.objects.filter(pk=deal_id, taken_at__gt=clock.now() - RECENTLY).select_related("responsible").first()
    return deal.responsible if deal and saw_untaken(person.reach, deal) else None


def funnels() -> list[Funnel]:
    return list(Funnel.objects.filter(is_active=True))


def stages_of(funnel: Funnel) -> list[Stage]:
    return list(funnel.stages.filter(is_active=True).order_by("position"))


def loss_reasons(funnel_id: int) -> list[LossReason]:
    return list(LossReason.objects.filter(funnel_id=funnel_id, is_active=True))


@dataclass(frozen=True, kw_only=True)
class Total:
    """What a column holds; `burning`: untaken ones past their limit."""

    count: int = 0
    amount: Decimal = Decimal(0)
    burning: int = 0


def totals_by_stage(deals: QuerySet[Deal], *, closed_since: datetime) -> dict[int, Total]:
    """Counted by the database in one query: open deals, and those closed since a moment.

    Two scans joined, each served by its partial index; an OR of both would walk the whole table.
    """
    burning = Count("pk", filter=Q(taken_at=None, answer_due_at__lt=clock.now()))
    still, closed = deals.filter(closed_at=None), deals.filter(closed_at__gte=closed_since)
    rows = _by_stage(still, burning).union(_by_stage(closed, Value(0)), all=True)
    return {row["stage_id"]: Total(count=row["count"], amount=row["sum"], burning=row["burning"]) for row in rows}


def _by_stage(deals: QuerySet[Deal], burning: Count | Value) -> QuerySet:
    sums = {"count": Count("*"), "sum": Coalesce(Sum("amount"), Decimal(0)), "burning": burning}
    return deals.order_by().values("stage_id").annotate(**sums)


def first_pages(
    deals: QuerySet[Deal], stages: Sequence[Stage], *, order: str, size: int = PAGE
) -> dict[int, list[Deal]]:
    """The top of each column in two queries, however many columns; one row more than `size` tells of a next page."""
    if not stages:
        return {}
    tops = [_ordered(deals.filter(stage=stage), stage, order).values("pk")[: size + 1] for stage in stages]
    ids = [row["pk"] for row in (tops[0].union(*tops[1:], all=True) if len(tops) > 1 else tops[0])]
    found: dict[int, list[Deal]] = {stage.pk: [] for stage in stages}
    by_stage = {stage.pk: stage for stage in stages}
    for deal in deals.filter(pk__in=ids):
        deal.stage = by_stage[deal.stage_id]
        found[deal.stage_id].append(deal)
    for stage in stages:
        found[stage.pk].sort(key=partial(sort_key, order=_order_of(stage, order)))
    return found


def next_page(deals: QuerySet[Deal], stage: Stage, *, order: str, after: str, size: int = PAGE) -> list[Deal]:
    """The following tiles of a column. `after` is the cursor of the last one shown; a foreign one is an empty page."""
    found = _after(deals.filter(stage=stage), _order_of(stage, order), after)
    return list(_ordered(found, stage, order)[: size + 1])


def cursor(deal: Deal, stage: Stage, order: str) -> str:
    """Where a column goes on after this deal."""
    value = {"step": deal.next_step_at, "new": deal.stage_entered_at, "amount": deal.amount}[_order_of(stage, order)]
    text = value.isoformat() if isinstance(value, datetime) else "" if value is None else str(value)
    return f"{text}~{deal.pk}"


def sort_key(deal: Deal, order: str) -> tuple[float, float]:
    """The same order in memory, ascending; a deal without a step comes last."""
    if order == "new":
        return (-deal.stage_entered_at.timestamp(), -deal.pk)
    if order == "amount":
        return (-float(deal.amount), -deal.pk)
    return (deal.next_step_at.timestamp() if deal.next_step_at else 9e12, deal.pk)


def neighbours(deals: QuerySet[Deal], deal: Deal, *, order: str = "step") -> tuple[int | None, int | None]:
    """Ids of the deals above and below in the same column; a closed deal stands in none."""
    if deal.closed_at:
        return None, None
    column = deals.filter(stage_id=deal.stage_id, closed_at=None)
    here = cursor(deal, deal.stage, order)
    below = _after(column, order, here).order_by(*_sql(order))
    above = _after(column, order, here, back=True).order_by(*_sql(order, back=True))
    return above.values_list("pk", flat=True).first(), below.values_list("pk", flat=True).first()


def nearest_tasks(deal_ids: Iterable[int]) -> dict[int, Task]:
    """The next step of each deal: its nearest open task. One query."""
    tasks = (
        Task.objects.filter(deal_id__in=list(deal_ids), done_at=None)
        .select_related("kind")
        .order_by("deal_id", "due_at", "id")
        .distinct("deal_id")
    )
    return {task.deal_id: task for task in tasks if task.deal_id}


def open_tasks(deal: Deal) -> list[Task]:
    return list(deal.tasks.filter(done_at=None).select_related("kind", "responsible").order_by("due_at", "id"))


def time_in_stages(deal: Deal) -> dict[int, float]:
    """Seconds the deal has spent at each stage it passed, the present one not counted."""
    spent: dict[int, float] = {}
    for stage_id, entered, left in deal.passages.values_list("stage_id", "entered_at", "left_at"):
        if left:
            spent[stage_id] = spent.get(stage_id, 0) + (left - entered).total_seconds()
    return spent


def history(deal: Deal, *, kinds: Sequence[str] = (), before: int | None = None) -> list[Event]:
    """Events of a deal, newest first, at most HISTORY + 1; `before` is the id of the oldest one shown."""
    events = _told(deal, kinds)
    if before is not None:
        events = events.filter(pk__lt=before)
    return list(events.order_by("-id")[: HISTORY + 1])


def history_since(deal: Deal, *, kinds: Sequence[str] = (), after: int) -> list[Event]:
    """Events recorded after the one with this id, in order of time."""
    return list(_told(deal, kinds).filter(pk__gt=after).order_by("id")[:200])


def history_counts(deal: Deal) -> dict[str, int]:
    """How many events of each kind. One query."""
    return dict(_told(deal, ()).order_by().values_list("kind").annotate(Count("id")))


def last_event(deal_id: int, person: Person, kind: str) -> Event | None:
    """The latest act of this kind that this person did in the deal."""
    return Event.objects.filter(deal_id=deal_id, person_id=person.pk, kind=kind).order_by("-id").first()


def changes_of_field(deal: Deal, key: str) -> list[Event]:
    """What gave a field its values, newest first: changes, and for the amount goods that came and went."""
    written = Q(kind="deal.changed", data__changes__has_key=key)
    if key == "amount":
        written |= Q(kind__in=("line.added", "line.removed"))
    return list(Event.objects.filter(written, deal_id=deal.pk).order_by("-id")[:CHANGES])


def _told(deal: Deal, kinds: Sequence[str]) -> QuerySet[Event]:
    events = Event.objects.filter(deal_id=deal.pk).exclude(kind__in=UNSPOKEN)
    return events.filter(kind__in=kinds) if kinds else events


def attachments(deal: Deal, by: Actor) -> QuerySet[Attachment]:
    """Files of the deal but those that lie in a field which the role of `by` does not see."""
    return Attachment.objects.filter(deal_id=deal.pk).exclude(field__in=hidden_from(by))


def other_deals(person: Person, company: Company, *, but: int) -> tuple[int, Decimal]:
    """How many deals this client has won before, and for how much, as far as the person sees."""
    row = (
        Deal.objects.visible_to(person)
        .filter(company=company, stage__meaning=Stage.Meaning.WON)
        .exclude(pk=but)
        .aggregate(count=Count("id"), sum=Coalesce(Sum("amount"), Decimal(0)))
    )
    return row["count"], row["sum"]


def same_client(person: Person, phone: str) -> list[Deal | Company]:
    """Who this phone is, as far as the person sees: the open deals of the clients, else the clients themselves."""
    companies = list(
        Company.objects.visible_to(person)
        .filter(pk__in=Identity.objects.filter(kind="phone", value=phone).values("contact__company_id"))
        .order_by("id")[:3]
    )
    deals = list(visible(person).filter(company__in=companies, closed_at=None).order_by("-id")[:3])
    spoken = {deal.company_id for deal in deals}
    return [*deals, *(company for company in companies if company.pk not in spoken)]


def _order_of(stage: Stage, order: str) -> str:
    return "step" if stage.meaning == Stage.Meaning.UNSORTED or order not in ORDERS else order


def _ordered(deals: QuerySet[Deal], stage: Stage, order: str) -> QuerySet[Deal]:
    return deals.order_by(*_sql(_order_of(stage, order)))


def _sql(order: str, *, back: bool = False) -> list[Any]:
    first, second = ORDERS[order]
    if order == "step":
        name = F("next_step_at")
        return [name.desc(nulls_first=True), "-id"] if back else [name.asc(nulls_last=True), "id"]
    return [first.lstrip("-"), second.lstrip("-")] if back else [first, second]


def _after(deals: QuerySet[Deal], order: str, after: str, *, back: bool = False) -> QuerySet[Deal]:
    """Rows beyond a cursor by (value, id); NULL steps stand at the end."""
    text, _tilde, pk = after.rpartition("~")
    if not pk.isdigit() or len(pk) > 18:
        return deals.none()
    try:
        value: Any = Decimal(text) if order == "amount" else datetime.fromisoformat(text) if text else None
    except (ValueError, ArithmeticError):
        return deals.none()
    if isinstance(value, datetime) and value.tzinfo is None:
        return deals.none()
    name = ORDERS[order][0].lstrip("-")
    ascending = (order == "step") != back
    side = "gt" if ascending else "lt"
    same: dict[str, Any] = {f"{name}__isnull": True} if value is None else {name: value}
    tie = Q(**same, **{f"id__{side}": int(pk)})
    if value is None:
        return deals.filter(tie | Q(next_step_at__isnull=False) if back else tie)
    beyond = Q(**{f"{name}__{side}": value}) | tie
    if order == "step" and not back:
        beyond |= Q(next_step_at=None)
    return deals.filter(beyond)
