"""What each stage would say to a deal before it is moved there: shown under the heads and on the stage bar."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from voronka.deals import fields, queries
from voronka.deals.access import may_change
from voronka.deals.actions.move_deal import unfillable, verdict
from voronka.deals.models import Deal, Stage
from voronka.kernel.actor import Actor
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
}


@dataclass(frozen=True, kw_only=True)
class Hint:
    """`locked`: why not. Else `asks`: keys of what will be asked, and `text`: what will happen, in words."""

    locked: str = ""
    asks: Sequence[str] = ()
    text: str = ""


def hints(
    deal: Deal, person: Person, stages: Sequence[Stage], known: Mapping[str, fields.FieldSpec]
) -> dict[int, Hint]:
    """By stage id, for every other stage of the funnel. Two queries."""
    if not may_change(person.actor, deal):
        return {stage.pk: Hint(locked=_("You may read this deal but not move it.")) for stage in stages}
    others = [stage for stage in stages if stage.pk != deal.stage_id]
    does = drop_hints(others)
    by = person.actor
    return {stage.pk: _hint(deal, stage, stages, known, does[stage.pk], by) for stage in others}


def hints_of(deal: Deal, person: Person) -> dict[int, Hint]:
    """The same, reading stages and fields first."""
    return hints(deal, person, queries.stages_of(deal.funnel), fields.specs(person.actor))


def rule_title(rule: str) -> str:
    title = RULES.get(rule)
    return title() if title else ""


def _hint(
    deal: Deal, stage: Stage, stages: Sequence[Stage], known: Mapping[str, fields.FieldSpec], does: str, by: Actor
) -> Hint:
    said = verdict(deal, stage, stages=list(stages), by=by)
    if said.rule == "approval":
        return Hint(text=_("Your head will be asked"))
    if said.refusal:
        return Hint(locked=said.refusal)
    if said.missing:
        if reason := unfillable(said.missing, known):
            return Hint(locked=reason)
        return Hint(asks=list(said.missing), text=_asked(said.missing, known))
    return Hint(text=does)


def _asked(missing: Sequence[str], known: Mapping[str, fields.FieldSpec]) -> str:
    """«Спросим: дата игры, время»."""
    special = {"loss_reason": _("reason"), "loss_comment": _("comment"), "next_step": _("next step")}
    names = [special.get(key) or _lower(str(known[key].title) if key in known else key) for key in missing]
    return _("Will ask: %(what)s") % {"what": ", ".join(names)}


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:] if title[1:2].islower() else title
