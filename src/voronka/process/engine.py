"""Running rules. `react` hears events in their own transaction; rules fire in document order, depth first.

A rule works inside a savepoint. When a guard refuses, the rule is undone and the deal's history says so; when it
raises, it is undone, set aside with an alarm, and the card works on. A chain deeper than LIMIT is cut with an alarm.
"""

import logging
from collections.abc import Callable
from functools import partial

from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _

from voronka.deals.models import Deal
from voronka.kernel import clock
from voronka.kernel.access import EVERYTHING
from voronka.kernel.actor import UNDO, Actor
from voronka.kernel.errors import Conflict, FieldErrors, MissingFields, Refusal
from voronka.kernel.events import Refs, record
from voronka.kernel.models import Event
from voronka.notices.actions import notify
from voronka.staff.queries import people

from . import queries
from .models import BrokenRule
from .schema import Rule
from .steps import Work
from .triggers import HEARD, Happening

log = logging.getLogger("voronka.process")

#: A rule sets off another one, which sets off another one …: no deeper than this.
LIMIT = 8


def react(event: Event, by: Actor) -> None:
    """Run the rules an event sets off, in document order, in the event's transaction."""
    if event.kind not in HEARD or event.deal_id is None or event.why == UNDO:
        return
    now = queries.in_force()
    heard = now.process.by_event.get(event.kind, ())
    happening = _happening(event, now.places)
    rules = [rule for rule in heard if rule.when.matches(happening)]
    if not rules:
        return
    if by.depth >= LIMIT:
        cut(event, by, rules[0])
        return
    at_hand = event.subject if isinstance(event.subject, Deal) else None
    for rule in rules:
        if rule.key not in now.aside:
            deal = at_hand or deal_for_rules(event.deal_id)
            run(rule, now, deal, by, still=partial(_still_so, rule, happening))
            at_hand = None


def _still_so(rule: Rule, happening: Happening, deal: Deal) -> bool:
    return rule.when.holds(deal, happening)


def run(rule: Rule, current: queries.InForce, deal: Deal, by: Actor, *, still: Callable[[Deal], bool]) -> bool:
    """One rule on one deal, as the base holds it now; False when it had to be set aside.

    `still`: whether what set it off is still so. The deal shows what the rule made of it.
    """
    if not still(deal):
        return True
    work = Work(
        deal=deal,
        company=deal.company,
        rule=rule.key,
        title=rule.title,
        by=by.by_rule(rule.key),
        now=clock.now(),
        due_at=clock.now(),
        process=current.process,
        task_kinds=current.places.task_kinds,
    )
    try:
        with transaction.atomic():
            if current.wants(rule, deal):
                _do(rule, work)
    except (Refusal, MissingFields, FieldErrors, Conflict) as refusal:
        deal.refresh_from_db()
        _refused(rule, work, refusal)
    except (OperationalError, InterfaceError):
        raise  # the database itself, not the rule: the whole act is tried again by whoever asked
    except Exception as error:
        log.exception("The rule %s failed on deal %s and is set aside", rule.key, deal.pk)
        deal.refresh_from_db()
        set_aside(rule, work, error)
        return False
    return True


def _do(rule: Rule, work: Work) -> None:
    for step in rule.then:
        step.run(work)
        if step.changes_deal and work.deal:
            work.of_deal.refresh_from_db()


def set_aside(rule: Rule, work: Work, error: Exception) -> None:
    """Keep a rule from running until people look at it, and tell those who may manage."""
    text = f"{type(error).__name__}: {error}"[:500]
    BrokenRule.objects.get_or_create(rule=rule.key, defaults={"error": text, "broken_at": work.now})
    _record("rule.broken", work, {"rule": rule.key, "title": rule.title, "error": text})
    _alarm(
        key=f"rule.broken:{rule.key}",
        title=_("The rule «{title}» is set aside").format(title=rule.title),
        body=_("It failed on deal {deal}: {error}").format(deal=work.of_deal.pk, error=text),
        deal_id=work.of_deal.pk,
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
        deal_id=event.deal_id or 0,
    )


def _refused(rule: Rule, work: Work, refusal: Exception) -> None:
    reason = refusal.reason if isinstance(refusal, Refusal) else str(refusal)
    _record("rule.refused", work, {"rule": rule.key, "title": rule.title, "reason": reason})


def _record(kind: str, work: Work, data: dict) -> None:
    deal = work.of_deal
    refs = Refs(
        deal=deal.pk, company=deal.company_id, funnel=deal.funnel_id, stage=deal.stage_id, audience=deal.audience
    )
    record(kind, refs, by=work.by, data=data)


def _alarm(*, key: str, title: str, body: str, deal_id: int) -> None:
    managing = [person for person in people() if person.may("manage_process") or EVERYTHING in person.reach]
    if managing:
        notify(managing, kind="alarm", key=key, title=title, body=body, url=f"/deals/{deal_id}")


def deal_for_rules(deal_id: int) -> Deal:
    """With what most steps need; the rest comes when a step asks."""
    return Deal.objects.select_related("company", "responsible__role").get(pk=deal_id)


def _happening(event: Event, places: queries.Places) -> Happening:
    return Happening(
        event,
        funnel=places.funnels.get(event.funnel_id or 0, ""),
        stage=places.stages.get(event.stage_id or 0, ""),
        left=places.stages.get(event.data.get("from_id", 0), ""),
    )
