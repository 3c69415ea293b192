"""Running rules. `react` hears events in their own transaction; rules fire in document order, depth first.

A rule works inside a savepoint. When a guard refuses, the rule is undone and the deal's history says so; when it
raises, it is undone, set aside with an alarm, and the card works on. A chain deeper than LIMIT is cut with an alarm.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from zlib import crc32

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from voronka.clients.models import Company, Contact
from voronka.deals.kept import dressed
from voronka.deals.models import Deal
from voronka.kernel import clock
from voronka.kernel.access import EVERYTHING
from voronka.kernel.actor import UNDO, Actor, ActorKind
from voronka.kernel.errors import Conflict, FieldErrors, MissingFields, Refusal
from voronka.kernel.events import Refs, record
from voronka.kernel.models import Event
from voronka.kernel.rows import insert
from voronka.notices.actions import notify
from voronka.staff.queries import people

from . import conditions, queries, waits
from .models import BrokenRule, Trace
from .schema import Rule
from .steps import BaseStep, Wait, Work
from .triggers import CLIENT, HEARD, Happening

log = logging.getLogger("voronka.process")

#: A rule sets off another one, which sets off another one …: no deeper than this.
LIMIT = 8


def react(events: Sequence[Event], by: Actor) -> None:
    """Run the rules each event sets off, in document order, in the events' transaction.

    What an import brings has happened long ago: it sets off none.
    """
    if by.kind == ActorKind.IMPORT:
        return
    now: queries.InForce | None = None
    for event in events:
        if event.kind in HEARD and event.why != UNDO:
            now = now or queries.in_force()
            if _react(event, by, now):
                now = None


def _react(event: Event, by: Actor, now: queries.InForce) -> bool:
    """To one event; whether any rule was set off, and so another one may be set aside now."""
    happening = _happening(event, now.places)
    rules = [
        rule
        for rule in now.process.hearing(event.kind, happening.funnel, happening.stage)
        if happening.aimed_at(rule.key) and rule.when.matches(happening)
    ]
    if rules and by.depth >= LIMIT:
        cut(event, by, rules[0])
        return False
    at_hand = event.subject if isinstance(event.subject, Deal) else None
    for rule in rules:
        work = None if rule.key in now.aside else _work_for(rule, event, by, now, at_hand)
        if work is not None:
            run(rule, now, work, still=partial(_still_so, rule, happening), event_id=event.pk)
            at_hand = None
    return bool(rules)


def _work_for(rule: Rule, event: Event, by: Actor, now: queries.InForce, at_hand: Deal | None) -> Work | None:
    """What the rule works with; None when the event has no such subject."""
    if rule.subject == CLIENT:
        company = Company.objects.filter(pk=event.company_id).first() if event.company_id else None
        contact = Contact.objects.filter(pk=event.data.get("contact")).first()
        return work_on(rule, now, by, company=company, contact=contact) if company else None
    if event.deal_id is None:
        return None
    return work_on(rule, now, by, deal=at_hand or deal_for_rules(event.deal_id))


def _still_so(rule: Rule, happening: Happening, deal: Deal | None) -> bool:
    return deal is None or rule.when.holds(deal, happening)


def work_on(
    rule: Rule,
    current: queries.InForce,
    by: Actor,
    *,
    deal: Deal | None = None,
    company: Company | None = None,
    contact: Contact | None = None,
    due_at: datetime | None = None,
) -> Work:
    """What a run of the rule works with. `due_at`: the moment of a timed rule."""
    now = clock.now()
    return Work(
        fulfils=partial(_fulfils, current, deal),
        deal=deal,
        company=deal.company if deal else company,
        contact=deal.contact if deal else contact,
        rule=rule.key,
        title=rule.title,
        by=by,
        now=now,
        due_at=due_at or now,
        stale_after=rule.stale_after,
        process=current.process,
        task_kinds=current.places.task_kinds,
    )


def _fulfils(current: queries.InForce, deal: Deal | None, condition: list) -> bool:
    return deal is not None and conditions.asked(condition, current.process, current.places.ids).passes(deal)


def run(
    rule: Rule,
    current: queries.InForce,
    work: Work,
    *,
    still: Callable[[Deal | None], bool],
    start: int = 0,
    event_id: int | None = None,
    about: str = "",
    parent: int | None = None,
) -> bool:
    """One rule on one deal, client or nothing, as the base holds it now; False when it had to be set aside.

    `still`: whether what set it off is still so. `start`: the step at which a rule that waited goes on. Why it ran and
    what came of it is kept as a Trace. The deal of `work` shows what the rule made of it.
    """
    if not still(work.deal) or not current.wants(rule, work.deal or work.company):
        return True
    todo, wait = _ahead(rule, start)
    trace = _trace(rule, work, event_id=event_id, about=about, parent=parent)
    if _held_out(rule, work):
        return _came_of(trace, Trace.Outcome.HELD_OUT)
    try:
        with transaction.atomic():
            trace.did = [step.do for step in todo]
            trace.outcome = Trace.Outcome.DONE if wait is None else Trace.Outcome.WAITS
            insert(trace)
            _do(replace(work, by=work.by.by_rule(rule.key, trace=trace.pk)), todo)
            if wait is not None:
                waits.begin(wait, rule, work, current, trace=trace.pk)
    except (Refusal, MissingFields, FieldErrors, Conflict) as refusal:
        _as_it_is(work)
        _refused(rule, work, trace, refusal)
    except (OperationalError, InterfaceError):
        raise  # the database itself, not the rule: the whole act is tried again by whoever asked
    except Exception as error:
        log.exception("The rule %s failed on deal %s and is set aside", rule.key, work.deal)
        _as_it_is(work)
        set_aside(rule, work, trace, error)
        return False
    return True


def _ahead(rule: Rule, start: int) -> tuple[Sequence[BaseStep], int | None]:
    """The steps to do now, without those for a part of the system that isn't at work here; the place of the wait after
    which the rest comes."""
    wait = next((index for index, step in enumerate(rule.then) if index >= start and isinstance(step, Wait)), None)
    return [step for step in rule.then[start:wait] if step.supported], wait


def _do(work: Work, steps: Sequence[BaseStep]) -> None:
    for step in steps:
        step.run(work)
        if step.changes_deal:
            _as_it_is(work)


def _held_out(rule: Rule, work: Work) -> bool:
    """Whether this client belongs to the control group of the rule: always the same ones."""
    if not rule.holdout or work.company is None:
        return False
    return crc32(f"{rule.key}:{work.company.pk}".encode()) % 100 < rule.holdout


def _trace(rule: Rule, work: Work, *, event_id: int | None, about: str, parent: int | None) -> Trace:
    return Trace(
        rule=rule.key,
        deal=work.deal,
        company=work.company,
        event_id=event_id,
        about=about,
        parent_id=parent or work.by.trace or None,
        depth=work.by.depth + 1,
        due_at=work.due_at,
        at=work.now,
    )


def _came_of(trace: Trace, outcome: str, reason: str = "") -> bool:
    trace.pk, trace.outcome, trace.reason, trace.did = None, outcome, reason, []
    insert(trace)
    return True


def _as_it_is(work: Work) -> None:
    if work.deal:
        work.deal.refresh_from_db(from_queryset=_deals())


def set_aside(rule: Rule, work: Work, trace: Trace, error: Exception) -> None:
    """Keep a rule from running until people look at it, and tell those who may manage."""
    text = f"{type(error).__name__}: {error}"[:500]
    _came_of(trace, Trace.Outcome.BROKEN, text)
    BrokenRule.objects.get_or_create(rule=rule.key, defaults={"error": text, "broken_at": work.now})
    _record("rule.broken", rule, work, {"error": text})
    _alarm(
        key=f"rule.broken:{rule.key}",
        title=_("The rule «{title}» is set aside").format(title=rule.title),
        body=_("It failed on deal {deal}: {error}").format(deal=work.deal.pk if work.deal else "—", error=text),
        deal_id=work.deal.pk if work.deal else None,
    )


def cut(event: Event, by: Actor, rule: Rule) -> None:
    """A chain of rules went too deep: the rest of it is left out and people are told."""
    log.error("A chain of rules on deal %s is cut before %s at depth %s", event.deal_id, rule.key, by.depth)
    refs = Refs(deal=event.deal_id, company=event.company_id, audience=event.audience)
    record("rule.cut", refs, by=by, data={"rule": rule.key, "title": rule.title, "after": by.why, "depth": by.depth})
    _alarm(
        key=f"rule.cut:{rule.key}",
        title=_("Rules set each other off without end"),
        body=_("The chain on deal {deal} was cut before «{rule}».").format(deal=event.deal_id, rule=rule.title),
        deal_id=event.deal_id,
    )


def _refused(rule: Rule, work: Work, trace: Trace, refusal: Exception) -> None:
    reason = refusal.reason if isinstance(refusal, Refusal) else str(refusal)
    _came_of(trace, Trace.Outcome.REFUSED, reason)
    _record("rule.refused", rule, work, {"reason": reason})


def _record(kind: str, rule: Rule, work: Work, data: dict) -> None:
    deal, company = work.deal, work.company
    refs = Refs(
        deal=deal.pk if deal else None,
        company=company.pk if company else None,
        funnel=deal.funnel_id if deal else None,
        stage=deal.stage_id if deal else None,
        audience=work.audience,
    )
    by = work.by.by_rule(rule.key)
    record(kind, refs, by=by, data={"rule": rule.key, "title": rule.title, **data})


def _alarm(*, key: str, title: str, body: str, deal_id: int | None) -> None:
    managing = [person for person in people() if person.may("manage_process") or EVERYTHING in person.reach]
    if managing:
        notify(managing, kind="alarm", key=key, title=title, body=body, url=f"/deals/{deal_id}" if deal_id else "/day")


def deal_for_rules(deal_id: int) -> Deal:
    """With what most steps need; the rest comes when a step asks."""
    return _deals().get(pk=deal_id)


def _deals() -> QuerySet[Deal]:
    return dressed(Deal.objects.select_related("company", "contact"))


def _happening(event: Event, places: queries.Places) -> Happening:
    return Happening(
        event,
        funnel=places.funnels.get(event.funnel_id or 0, ""),
        stage=places.stages.get(event.stage_id or 0, ""),
        left=places.stages.get(event.data.get("from_id", 0), ""),
    )
