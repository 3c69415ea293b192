from django.db import transaction
from django.utils.translation import gettext as _

from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import Refusal
from voronka.staff.models import Person
from voronka.tasks.actions import change_task
from voronka.tasks.models import Task

from ..access import require_change
from ..models import Deal, Stage
from ._rows import locked, locked_row, record_deal, refresh_audience
from ._step import enter_stage


class AlreadyTaken(Refusal):
    """Somebody was first; `owner` tells who."""

    def __init__(self, owner: Person) -> None:
        super().__init__(_("{name} has already taken this deal.").format(name=owner.name), rule="taken")
        self.owner = owner


def take_deal(deal_id: int, *, by: Actor) -> Deal:
    """Whoever takes first owns. Waiting tasks become theirs, an unsorted deal goes to the first open stage."""
    if not by.may("take_deals"):
        raise Refusal(_("Your role does not take inquiries."), rule="role")
    with transaction.atomic():
        deal = locked_row(deal_id)
        if deal.responsible is not None:
            if deal.responsible_id == by.person_id:
                return deal
            raise AlreadyTaken(deal.responsible)
        require_change(by, deal)
        become_owner(deal, _hand(by), by)
        _leave_unsorted(deal, by)
    return deal


def assign_deal(deal_id: int, *, by: Actor, to: Person, keep_reading: bool = False) -> Deal:
    """Another responsible. `keep_reading`: the seat it leaves may read on. Open tasks of the old one go along."""
    with transaction.atomic():
        deal = locked(deal_id, by)
        if deal.responsible_id == to.pk:
            return deal
        if deal.responsible_id and by.person_id != deal.responsible_id and not by.may("assign_deals"):
            raise Refusal(_("Your role may not hand over other people's deals."), rule="role")
        become_owner(deal, to, by, keep_reading=keep_reading)
        _leave_unsorted(deal, by)
    return deal


def _leave_unsorted(deal: Deal, by: Actor) -> None:
    """A deal with an owner does not wait among the unsorted."""
    if deal.stage.meaning == Stage.Meaning.UNSORTED:
        first_open = deal.funnel.stages.filter(is_active=True, meaning="open").order_by("position").first()
        if first_open:
            enter_stage(deal, first_open, by)


def become_owner(deal: Deal, to: Person, by: Actor, *, keep_reading: bool = False) -> None:
    """Make `to` responsible on a locked deal, with audience, open tasks and event. First owner: it is taken."""
    before, audience_before = deal.responsible, list(deal.audience)
    seat_before = deal.seat_id
    first, now = deal.taken_at is None, clock.now()
    deal.responsible, deal.seat_id, deal.is_unread = to, to.seat_id, False
    if first:
        deal.taken_at = now
    if keep_reading and seat_before and seat_before != to.seat_id:
        deal.watchers = sorted({*deal.watchers, seat_before})
    deal.version += 1
    deal.save(update_fields=["responsible", "seat", "is_unread", "taken_at", "watchers", "version"])
    refresh_audience(deal)
    waited = int((now - deal.created_at).total_seconds()) if first else None
    data = {
        "person": to.pk,
        "name": to.name,
        "before": before.pk if before else None,
        "waited_seconds": waited,
    }
    record_deal("deal.taken" if first else "deal.assigned", deal, by, data, also=audience_before)
    for task in Task.objects.filter(deal=deal, done_at=None, responsible=before):
        change_task(task.pk, by=by.unbound(), responsible=to, deal_audience=deal.audience)


def _hand(by: Actor) -> Person:
    """Whose hand it is; only people take deals."""
    if by.person_id is None:
        raise Refusal(_("Only a person takes a deal."), rule="role")
    return Person.objects.select_related("role").get(pk=by.person_id)
