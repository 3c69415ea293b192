"""What deals do when they hear of others: bound in `voronka.wiring`."""

from django.db.models import Min, OuterRef, Subquery

from voronka.kernel.actor import Actor
from voronka.kernel.models import Event
from voronka.tasks.models import Task

from .models import Deal


def refresh_next_step(event: Event, by: Actor) -> None:
    """A task changed: the deal's next step is its nearest open one."""
    if event.deal_id is None:
        return
    open_tasks = Task.objects.filter(deal=OuterRef("pk"), done_at=None).order_by().values("deal")
    Deal.objects.filter(pk=event.deal_id).update(next_step_at=Subquery(open_tasks.values(at=Min("due_at"))))
