"""Reads of deals. Each starts from the gate or takes a deal that came through it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, JSONField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from voronka.clients.likely import likely_same
from voronka.clients.merges import parts_within
from voronka.clients.models import Contact, Merge
from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.models import Attachment, Event
from voronka.messages.models import Message
from voronka.staff.models import Person
from voronka.tasks.models import Task
from voronka.tasks.queries import kinds

from . import kept
from .access import saw_untaken
from .fields import hidden_from
from .kept import dressed
from .models import Deal, Funnel, LossReason, Stage

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
UNSPOKEN = ("deal.read", "deal.joined", *NOTE_ACTS)


def visible(person: Person) -> QuerySet[Deal]:
    """Deals of this person with everything a tile or a card reads of them."""
    return dressed(Deal.objects.visible_to(person).select_related("company", "contact"))


def for_card(deals: QuerySet[Deal]) -> QuerySet[Deal]:
    """Each with all its ids, and its oldest draft of a message as `draft`: {id, channel, address, whom, subject, text},
    or None.
    """
    said = JSONObject(
        id="pk", channel="channel", address="address", whom="contact__name", subject="subject", text="text"
    )
    drafts = Message.objects.filter(deal=OuterRef("pk"), state=Message.State.DRAFT).order_by("id")
    with_draft = deals.annotate(draft=Subquery(drafts.values_list(said)[:1], output_field=JSONField()))
    return parts_within(Merge.Kind.DEAL, with_draft, name="all_ids")


def taken_from(person: Person, deal_id: int) -> Person | None:
    """Who was quicker: the owner of a deal that this person saw untaken a moment ago. Says nothing of other deals."""
    deal = Deal.objects.filter(pk=deal_id, taken_at__gt=clock.now() - RECENTLY).select_related("responsible").first()
    return deal.responsible if deal and saw_untaken(person.reach, deal) else None


def funnels() -> list[Funnel]:
    return [funnel for funnel in kept.funnels().values() if funnel.is_active]


def stages(*, of: int | None = None) -> list[Stage]:
    """Stages that are in use, of one funnel or of all, in their order."""
    return [stage for stage in kept.stages().values() if stage.is_active and of in (None, stage.funnel_id)]


def funnels_with_stages() -> dict[Funnel, list[Stage]]:
    """Funnels in their order, stages in theirs."""
    found = {funnel: stages(of=funnel.pk) for funnel in funnels()}
    return {funnel: line for funnel, line in found.items() if line}


def stages_of(funnel: Funnel) -> list[Stage]:
    return stages(of=funnel.pk)


def loss_reasons(funnel_id: int) -> list[LossReason]:
    return [one for one in kept.loss_reasons().values() if one.is_active and one.funnel_id == funnel_id]


def nearest_tasks(deal_ids: Iterable[int]) -> dict[int, Task]:
    """The next step of each deal: its nearest open task. One query."""
    tasks = Task.objects.filter(deal_id__in=list(deal_ids), done_at=None)
    nearest = tasks.only("deal_id", "kind_id", "title", "due_at").order_by("deal_id", "due_at", "id")
    return {task.deal_id: task for task in _with_kinds(nearest.distinct("deal_id")) if task.deal_id}


def open_tasks(deal: Deal) -> list[Task]:
    return _with_kinds(deal.tasks.filter(done_at=None).select_related("responsible").order_by("due_at", "id"))


def _with_kinds(tasks: QuerySet[Task]) -> list[Task]:
    known = kinds()
    for task in tasks:
        if task.kind_id in known:
            task.kind = known[task.kind_id]
    return list(tasks)


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
    return list(Event.objects.filter(written, deal_id__in=deal.all_ids).order_by("-id")[:CHANGES])


def _told(deal: Deal, kinds: Sequence[str]) -> QuerySet[Event]:
    events = Event.objects.filter(deal_id__in=deal.all_ids).exclude(kind__in=UNSPOKEN)
    return events.filter(kind__in=kinds) if kinds else events


def attachments(deal: Deal, by: Actor) -> QuerySet[Attachment]:
    """Files of the deal but those that lie in a field which the role of `by` does not see."""
    return Attachment.objects.filter(deal_id=deal.pk).exclude(field__in=hidden_from(by))


@dataclass(frozen=True)
class Same:
    """A client that is likely the one being typed in, why, and its newest open deal."""

    contact: Contact
    why: list[str]
    deal: Deal | None


def same_client(person: Person, *, name: str, identities: Sequence[tuple[str, str]]) -> list[Same]:
    """Who this is already, as far as the person sees; those with a deal in work first."""
    likely = likely_same(person, name=name, identities=identities)
    companies = {one.contact.company_id for one in likely}
    deals = visible(person).filter(company__in=companies, closed_at=None).order_by("id") if companies else ()
    newest = {deal.company_id: deal for deal in deals}
    found = [Same(one.contact, one.why, newest.get(one.contact.company_id)) for one in likely]
    return sorted(found, key=lambda one: one.deal is None)
