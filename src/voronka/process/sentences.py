"""A rule in words, from its document alone: also of drafts whose stages and fields are in no base yet."""

from django.utils.translation import gettext as _

from . import conditions
from .schema import Process, Rule


def rule(rule: Rule, process: Process) -> str:
    """A rule as one sentence: when, if, then."""
    outline = process.outline
    steps = "; ".join(step.sentence(outline) for step in rule.then)
    return outline.spoken(_("{when}: {then}.").format(when=reason(rule, process), then=steps))


def reason(rule: Rule, process: Process) -> str:
    """When it fires and on what condition."""
    when = rule.when.sentence(process.outline)
    if rule.if_ is None:
        return when
    condition = conditions.words(rule.if_, process, rule.subject)
    return _("{when}, if {condition}").format(when=when, condition=condition)
