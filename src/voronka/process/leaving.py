"""Cards that were left without a next step where one is required: the server plans it for whoever walked away."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.deals.models import Deal, Stage
from voronka.kernel import actor, clock
from voronka.kernel.calendars import Length, due
from voronka.kernel.models import Event
from voronka.staff.calendars import calendar_of
from voronka.tasks.actions import create_task
from voronka.tasks.models import TaskKind

from .queries import InForce
from .schema import Funnel, NextStep

#: Somebody may still be at the card for so long after what was done there last.
QUIET = timedelta(minutes=5)
#: Without a task of its own in the document.
USUAL = Length(1, "hour")
MOST = 100


def leave_steps(current: InForce) -> int:
    """Make the missing steps; returns how many. Only deals without a task are read, and there should be none."""
    funnels = {one.key: one for one in current.process.funnels if one.next_step_required}
    if not funnels:
        return 0
    stepless = Deal.objects.filter(
        funnel__key__in=funnels, closed_at=None, next_step_at=None, stage__meaning=Stage.Meaning.OPEN
    )
    rows = stepless.order_by("id").values_list("pk", "funnel__key")[:MOST]
    return sum(_leave(pk, funnels[key], current) for pk, key in rows)


def _leave(deal_id: int, funnel: Funnel, current: InForce) -> bool:
    with transaction.atomic():
        deal = Deal.objects.select_for_update(skip_locked=True).filter(pk=deal_id, next_step_at=None).first()
        last = Event.objects.filter(deal_id=deal_id).order_by("-id").values_list("at", flat=True).first()
        if deal is None or deal.tasks.filter(done_at=None).exists() or (last and clock.now() - last < QUIET):
            return False
        step = funnel.next_step
        calendar = calendar_of(current.process.clock_of(funnel.key))
        create_task(
            by=actor.system("next step"),
            kind=_kind(step, current),
            title=str(step.title) if step else _("What is the next step?"),
            due_at=due(clock.now(), step.due.length if step else USUAL, calendar),
            responsible=deal.responsible,
            deal_id=deal.pk,
            company=deal.company,
            deal_audience=deal.audience,
        )
    return True


def _kind(step: NextStep | None, current: InForce) -> TaskKind:
    kinds = current.places.task_kinds
    return kinds[step.kind] if step else next(iter(kinds.values()))
