"""Taking back a move within moments: the stage, and with it what rules did because of it."""

from dataclasses import replace
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.kernel import clock
from voronka.kernel.actor import UNDO, Actor, ActorKind
from voronka.kernel.errors import Refusal
from voronka.kernel.models import Event
from voronka.staff.models import Person
from voronka.tasks.actions import cancel_task, reopen_task
from voronka.tasks.models import Task

from ..models import Deal, Stage
from ._owner import become_owners
from ._rows import locked_row
from .move_deal import move_deal

#: The page offers it for ten seconds; who reads the message keeps it open a little longer.
WITHIN = timedelta(minutes=1)


def take_back_move(deal_id: int, event_id: int, *, by: Actor) -> Deal:
    """Undo one's own move: rules' hand-over and tasks first, then the stage, through the same guards.

    Right is asked of the move, not of the deal: a rule may have handed it to others. Nothing is set off by it.
    Raises Refusal when the deal went on meanwhile or the moment has passed.
    """
    with transaction.atomic():
        deal = locked_row(deal_id)
        move = Event.objects.filter(pk=event_id, deal_id=deal_id, kind="deal.moved", person_id=by.person_id).first()
        if move is None or move.by_kind != ActorKind.PERSON:
            raise Refusal(_("This move is not yours to take back."), rule="undo")
        if clock.now() - move.at > WITHIN:
            raise Refusal(_("It is too late to take this back."), rule="undo")
        since = list(Event.objects.filter(deal_id=deal_id, pk__gt=move.pk).order_by("-id"))
        if deal.stage_id != move.data["to_id"] or any(_by_others(event) for event in since):
            raise Refusal(_("The deal has been changed since."), rule="undo")
        hand = replace(by.unbound(), why=UNDO)
        for event in since:
            _take_back(event, deal, hand)
        return move_deal(deal_id, by=hand, to=Stage.objects.get(pk=move.data["from_id"]))


def _by_others(event: Event) -> bool:
    return event.depth == 0 and event.kind in ("deal.moved", "deal.assigned", "deal.taken")


def _take_back(event: Event, deal: Deal, hand: Actor) -> None:
    """What a rule did because of the move; what people did stays."""
    if event.depth == 0:
        return
    if event.kind == "deal.assigned" and event.data.get("before"):
        become_owners([deal], Person.objects.select_related("role").get(pk=event.data["before"]), hand)
    if event.task_id is None:
        return
    task = Task.objects.filter(pk=event.task_id).first()
    if task is None:
        return
    # the next one of a series goes by itself when the one before is open again
    if event.kind == "task.created" and task.done_at is None and task.series_id is None:
        cancel_task(event.task_id, by=hand)
    if event.kind in ("task.done", "task.cancelled") and task.done_at:
        reopen_task(event.task_id, by=hand)
