"""What each stage would say to a deal before it is moved there: shown under the heads and on the stage bar."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from voronka.deals import fields, queries
from voronka.deals.access import may_change
from voronka.deals.actions.move_deal import unfillable, verdict
from voronka.deals.models import Deal, Stage
from voronka.deals.rules import Verdict
from voronka.deals.wip import load_of
from voronka.process.queries import drop_hints
from voronka.staff.models import Person

#: Rule that spoke → its title, for the board to say before the sentence.
RULES = {
    "only_forward": lambda: _("No way back"),
    "no_skipping": lambda: _("No skipping"),
    "unsorted": lambda: _("No way back"),
    "taken": lambda: _("Already taken"),
    "gate": lambda: _("Read only"),
    "role": lambda: _("Not your right"),
    "funnel": lambda: _("Another funnel"),
    "field": lambda: _("Filled by others"),
    "derived": lambda: _("Not by hand"),
    "wip": lambda: _("The stage is full"),
}


@dataclass(frozen=True, kw_only=True)
class Hint:
    """`locked`: why not. Else `asks`: keys of what will be asked, `text`: what will happen, in words, and `warning`:
    what speaks against it."""

    locked: str = ""
    warning: str = ""
    asks: Sequence[str] = ()
    text: str = ""


def hints(
    deal: Deal, person: Person, stages: Sequence[Stage], known: Mapping[str, fields.FieldSpec]
) -> dict[int, Hint]:
    """By stage id, for every other stage of the funnel. Two queries, one more where stages are limited."""
    if not may_change(person.actor, deal):
        return {stage.pk: Hint(locked=_("You may read this deal but not move it.")) for stage in stages}
    others = [stage for stage in stages if stage.pk != deal.stage_id]
    does, load = drop_hints(others), load_of(others)
    said = {stage.pk: verdict(deal, stage, stages=list(stages), by=person.actor, load=load) for stage in others}
    return {pk: _hint(one, known, does[pk]) for pk, one in said.items()}


def hints_of(deal: Deal, person: Person) -> dict[int, Hint]:
    """The same, reading stages and fields first."""
    return hints(deal, person, queries.stages_of(deal.funnel), fields.specs(person.actor))


def rule_title(rule: str) -> str:
    title = RULES.get(rule)
    return title() if title else ""


def _hint(said: Verdict, known: Mapping[str, fields.FieldSpec], does: str) -> Hint:
    if said.rule == "approval":
        return Hint(text=_("Your head will be asked"))
    if said.refusal:
        return Hint(locked=said.refusal)
    if said.missing:
        if reason := unfillable(said.missing, known):
            return Hint(locked=reason)
        return Hint(asks=list(said.missing), text=_asked(said.missing, known), warning=said.warning)
    return Hint(text=does, warning=said.warning)


def _asked(missing: Sequence[str], known: Mapping[str, fields.FieldSpec]) -> str:
    """«Спросим: дата игры, время»."""
    special = {"loss_reason": _("reason"), "loss_comment": _("comment"), "next_step": _("next step")}
    names = [special.get(key) or _lower(str(known[key].title) if key in known else key) for key in missing]
    return _("Will ask: %(what)s") % {"what": ", ".join(names)}


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:] if title[1:2].islower() else title
