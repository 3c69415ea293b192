"""Rules that wait: the rest of a rule is a row with its own moment. What cancels it is asked when the moment comes.

A moment by a date field follows the field: `follow` hears its changes.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from voronka.clients.models import Company
from voronka.deals.models import Deal
from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.calendars import due
from voronka.kernel.models import Event
from voronka.staff.queries import company_zone
from voronka.tasks.models import Task

from . import queries
from .models import Firing
from .moments import calendar_for, moment_of
from .queries import InForce
from .schema import Rule
from .steps import Wait, Work


def begin(index: int, rule: Rule, work: Work, current: InForce, *, trace: int) -> None:
    """Keep what follows the wait at this place until its moment. A moment by an empty field never comes until it is
    filled."""
    deal, step = work.deal, rule.then[index]
    assert isinstance(step, Wait)
    Firing.objects.create(
        rule=rule.key,
        about=f"wait:{uuid4().hex}",
        deal=deal,
        company=work.company,
        contact=work.contact,
        due_at=moment(step, deal, work.now, current) or NEVER,
        version_id=current.version,
        step=index + 1,
        facts={
            "since": work.now.isoformat(),
            "stage_since": deal.stage_entered_at.isoformat() if deal else None,
            "led_by": deal.responsible_id if deal else None,
            "taken": deal is not None and deal.taken_at is not None,
        },
        trace=trace,
    )


NEVER = datetime.fromisoformat("9000-01-01T00:00:00+00:00")


def moment(step: Wait, deal: Deal | None, since: datetime, current: InForce) -> datetime | None:
    if step.until:
        return moment_of(step.until, deal.fields, company_zone()) if deal else None
    assert step.for_
    funnel = current.places.funnels.get(deal.funnel_id, "") if deal else ""
    return due(since, step.for_.length, calendar_for(current.process, funnel, step.clock))


def step_of(firing: Firing) -> tuple[Rule, Wait] | None:
    """The rule that waits, as its version has it, and the step it waits at."""
    if not firing.step or firing.version_id is None:
        return None
    rule = queries.version_process(firing.version_id).rules_by_key[firing.rule]
    step = rule.then[firing.step - 1]
    assert isinstance(step, Wait)
    return rule, step


def holds(firing: Firing, step: Wait, deal: Deal | None, company: Company | None) -> bool:
    """Whether nothing has happened since that cancels it."""
    facts, since = firing.facts, datetime.fromisoformat(firing.facts["since"])
    said = company.last_interaction_at if company else None
    happened = {
        "answered": said is not None and said > since,
        "task_done": deal is not None and Task.objects.filter(deal=deal, done_at__gt=since, cancelled=False).exists(),
    }
    if deal is not None:
        happened |= {
            "left_stage": deal.stage_entered_at.isoformat() != facts["stage_since"],
            "closed": deal.closed_at is not None,
            "taken": deal.taken_at is not None and not facts["taken"],
            "reassigned": deal.responsible_id != facts["led_by"],
        }
    return not any(happened.get(fact) for fact in step.unless)


def follow(events: Sequence[Event], by: Actor) -> None:
    """Dates of deals changed: what waits for them gets another moment."""
    changed = [(event.deal_id, fields) for event in events if event.deal_id and (fields := event.data.get("changes"))]
    if not changed:
        return
    current = queries.in_force()
    deals = {deal for deal, fields in changed if not current.process.waited_fields.isdisjoint(fields)}
    for firing in Firing.objects.filter(deal_id__in=deals, fired_at=None, step__gt=0).select_related("deal"):
        found = step_of(firing)
        if found and found[1].until:
            firing.due_at = moment(found[1], firing.deal, clock.now(), current) or NEVER
            firing.save(update_fields=["due_at"])
