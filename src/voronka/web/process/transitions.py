"""Transitions between funnels that the rules of a document make, merged to one arrow a pair and kind."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import pgettext

from voronka.process.schema import Process, Rule
from voronka.process.steps import BaseStep, MoveFunnel, OpenDeal
from voronka.process.triggers import DealEnteredStage, DealLost, DealWon

WON, LOST, OTHER = "won", "lost", "other"


@dataclass(frozen=True, kw_only=True)
class Transition:
    """From a funnel (a stage of it, where one is named) to a stage of another or the same. `rules` make it."""

    source: str
    target: str
    kind: str
    title: str
    stage: str = ""
    to: str = ""
    rules: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str, str]:
        return self.source, self.target, self.kind


def transitions(process: Process) -> list[Transition]:
    """In document order; several rules of one kind between two funnels are one transition."""
    merged: dict[tuple[str, str, str], Transition] = {}
    for found in _found(process):
        before = merged.get(found.key)
        rules = (*before.rules, *found.rules) if before else found.rules
        merged[found.key] = Transition(**{**vars(before or found), "rules": tuple(dict.fromkeys(rules))})
    return list(merged.values())


def _found(process: Process) -> Iterator[Transition]:
    for rule in process.rules:
        for step in rule.then:
            if (to := leads_to(step)) and to in process.stages:
                yield from _of_rule(rule, to, process)


def leads_to(step: BaseStep) -> str:
    """The stage of another funnel where a step puts a deal; «» for all other steps."""
    if isinstance(step, MoveFunnel):
        return str(step.to)
    return str(step.at) if isinstance(step, OpenDeal) else ""


def _of_rule(rule: Rule, to: str, process: Process) -> Iterator[Transition]:
    target = to.split("/")[0]
    for source, stage in _sources(rule, target, process):
        kind = _kind(rule, stage, process)
        title = {WON: pgettext("transition", "won"), LOST: pgettext("transition", "lost")}.get(kind) or rule.title
        yield Transition(source=source, target=target, kind=kind, title=title, stage=stage, to=to, rules=(rule.key,))


def _sources(rule: Rule, target: str, process: Process) -> Iterator[tuple[str, str]]:
    """Funnels that the rule takes deals from, with the stage where it names one."""
    stages = [str(ref) for ref in getattr(rule.when, "stages", ())]
    if stages:
        seen: set[str] = set()
        for ref in stages:
            funnel = ref.split("/")[0]
            if funnel not in seen:
                seen.add(funnel)
                yield funnel, ref
        return
    named = [str(key) for key in getattr(rule.when, "funnels", ())]
    for funnel in named or [one.key for one in process.funnels if one.key != target and one.kind != "service"]:
        yield funnel, ""


def _kind(rule: Rule, stage: str, process: Process) -> str:
    if isinstance(rule.when, DealWon):
        return WON
    if isinstance(rule.when, DealLost):
        return LOST
    if isinstance(rule.when, DealEnteredStage) and stage in process.stages:
        meaning = process.stages[stage].meaning
        return meaning if meaning in (WON, LOST) else OTHER
    return OTHER
