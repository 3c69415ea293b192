"""What rules will do with a deal and what they did: when, by which rule, on what facts, what cancels it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from voronka.deals.models import Deal
from voronka.kernel import actor, clock

from . import labels, sentences, values, waits
from .models import Firing, Trace
from .queries import InForce, in_force
from .schema import Process, Rule
from .steps import BaseStep, CancelTasks, CompleteTasks, Work, fill
from .timers import TIMERS, Look
from .triggers import CLIENT, DealEnteredStage, TimedTrigger

#: So many runs of rules are told of one deal.
RUNS = 50


@dataclass(frozen=True, kw_only=True)
class Upcoming:
    """What will happen to a deal by itself. `at` is None when it waits for a move, then `cancels` says for which."""

    at: datetime | None
    text: str
    cancels: str
    rule: str


@dataclass(frozen=True, kw_only=True)
class Ran:
    """A run of a rule. `because`: when it runs and on what condition, in words; `event` is what set it off, None for a
    timer, whose moment was `due_at`; `led_by`: the rule whose run led to this one. `did`: its steps as they read now.
    """

    rule: str
    title: str
    at: datetime
    due_at: datetime
    outcome: str
    reason: str
    because: str
    event: int | None
    led_by: str
    did: str


def what_next(deal: Deal) -> list[Upcoming]:
    """What rules will do with this deal: by time, then those that wait for the next stage."""
    if deal.closed_at is not None:
        return []
    current = in_force()
    rules = [rule for rule in current.process.rules if rule.key not in current.aside and rule.supported]
    timed = [*_timed(rules, deal, current), *_waiting(deal, current)]
    timed.sort(key=lambda coming: coming.at or clock.now())
    return timed + _on_next_stage(rules, deal, current)


def what_was(deal: Deal, *, limit: int = RUNS) -> list[Ran]:
    """Runs of rules in this deal, newest first. Two queries."""
    current = in_force()
    traces = list(Trace.objects.filter(deal=deal).order_by("-id")[:limit])
    parents = {trace.pk: trace.rule for trace in traces}
    missing = {trace.parent_id for trace in traces if trace.parent_id} - parents.keys()
    parents |= dict(Trace.objects.filter(pk__in=missing).values_list("pk", "rule")) if missing else {}
    outline = current.process.outline
    return [
        Ran(
            rule=trace.rule,
            title=outline.title(values.RULE, trace.rule),
            at=trace.at,
            due_at=trace.due_at,
            outcome=trace.outcome,
            reason=trace.reason,
            because=_because(trace, current.process),
            event=trace.event_id,
            led_by=outline.title(values.RULE, parents[trace.parent_id]) if trace.parent_id in parents else "",
            did=_did(trace, deal, current.process),
        )
        for trace in traces
    ]


def _because(trace: Trace, process: Process) -> str:
    """As the rule reads now; nothing when it is gone."""
    rule = process.rules_by_key.get(trace.rule)
    return sentences.reason(rule, process) if rule else ""


def _did(trace: Trace, deal: Deal, process: Process) -> str:
    """The steps that were taken, as the rule says them now; of steps that are gone only the kind is known. Housekeeping
    is told only where nothing else was done.
    """
    rule = process.rules_by_key.get(trace.rule)
    left = list(rule.then) if rule else []
    told: list[str] = []
    kept: list[str] = []
    for kind in trace.did:
        step = next((one for one in left if one.do == kind), None)
        if step:
            left.remove(step)
        shelf = kept if isinstance(step, CompleteTasks | CancelTasks) else told
        shelf.append(step.sentence(process.outline) if step else labels.choice(kind, "do"))
    return _filled("; ".join(told or kept), trace.rule, process, deal, trace.at)


def _timed(rules: Sequence[Rule], deal: Deal, current: InForce) -> list[Upcoming]:
    look = Look(current=current, now=clock.now())
    found = []
    for rule in rules:
        when = rule.when
        if not isinstance(when, TimedTrigger):
            continue
        at = TIMERS[type(when)].next_at(rule, deal, look)
        if at is not None and current.wants(rule, deal.company if rule.subject == CLIENT else deal):
            text = _promise(rule.then, rule, current.process, deal, at)
            found.append(Upcoming(at=at, text=text, cancels=when.cancels(), rule=rule.key))
    return found


def _waiting(deal: Deal, current: InForce) -> list[Upcoming]:
    """Rules that have begun and go on later."""
    found = []
    for firing in Firing.objects.filter(deal=deal, fired_at=None, step__gt=0).order_by("due_at"):
        waited = waits.step_of(firing)
        if waited and firing.due_at < waits.NEVER and waits.holds(firing, waited[1], deal, deal.company):
            rule, step = waited
            text = _promise(rule.then[firing.step :], rule, current.process, deal, firing.due_at)
            found.append(Upcoming(at=firing.due_at, text=text, cancels=step.cancels(), rule=rule.key))
    return found


def _on_next_stage(rules: Sequence[Rule], deal: Deal, current: InForce) -> list[Upcoming]:
    """Rules of the coming stage: what a person sets off by moving the deal on."""
    process, ref = current.process, current.places.stages.get(deal.stage_id, "")
    refs = [name for name in process.stages if name.split("/")[0] == ref.split("/")[0]]
    later = refs[refs.index(ref) + 1 :] if ref in refs else []
    following = next((name for name in later if process.stages[name].meaning in ("open", "won")), None)
    if following is None:
        return []
    when = _("when the deal comes to {stage}").format(stage=process.outline.quoted(values.STAGE, following))
    heard = [
        rule
        for rule in rules
        if isinstance(rule.when, DealEnteredStage) and following in rule.when.stages and current.wants(rule, deal)
    ]
    promises = [(rule.key, _promise(rule.then, rule, process, deal, clock.now())) for rule in heard]
    return [Upcoming(at=None, text=text, cancels=when, rule=key) for key, text in promises if text]


def _promise(steps: Sequence[BaseStep], rule: Rule, process: Process, deal: Deal, at: datetime) -> str:
    """What the rule will do with this deal then, without its housekeeping."""
    told = [step for step in steps if not isinstance(step, CompleteTasks | CancelTasks) and step.supported]
    return _filled("; ".join(step.sentence(process.outline) for step in told), rule.key, process, deal, at)


def _filled(text: str, rule: str, process: Process, deal: Deal, at: datetime) -> str:
    """A sentence about the deal with its blanks filled in, as of that moment."""
    work = Work(
        deal=deal,
        company=deal.company,
        contact=deal.contact,
        rule=rule,
        title="",
        by=actor.system("promise"),
        now=at,
        due_at=at,
        process=process,
    )
    return fill(work, text[:1].upper() + text[1:])
