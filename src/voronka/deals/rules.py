"""Guards of a move: facts in, decision out. No database, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True, kw_only=True)
class StageFacts:
    id: int
    title: str
    meaning: str
    position: int
    required: Sequence[str] = ()
    may_enter: Sequence[str] = ()
    approver: str = ""
    derived: bool = False


@dataclass(frozen=True, kw_only=True)
class WipFacts:
    """`held`: deals that are there already, all of them or those in the same hands (`by_hands`)."""

    limit: int
    held: int
    by_hands: bool
    enforced: bool


@dataclass(frozen=True, kw_only=True)
class MoveFacts:
    """`between`: stages strictly between here and there, in order. `filled`: keys of filled fields.

    `reason_needs_comment` is None when no reason is given. `role`: of whoever moves, «» for rules and the system, which
    are the document's own word. `approved`: whoever may has said yes to this very move.
    """

    here: StageFacts
    there: StageFacts
    between: Sequence[StageFacts]
    only_forward: bool
    no_skipping: bool
    next_step_required: bool
    has_next_step: bool
    filled: frozenset[str]
    reason_needs_comment: bool | None
    has_comment: bool
    role: str = ""
    approved: bool = False
    wip: WipFacts | None = None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """`refusal`: sentence why not, with `rule` that says so; else `missing`: field keys to ask for, in order.
    `warning`: what is against it although it may be done."""

    refusal: str = ""
    rule: str = ""
    warning: str = ""
    missing: Sequence[str] = ()

    @property
    def allowed(self) -> bool:
        return not self.refusal and not self.missing


def check_move(facts: MoveFacts) -> Verdict:
    """May the deal go there, and what must be asked first. The order of checks is the order people meet them."""
    here, there = facts.here, facts.there
    if there.meaning == "unsorted":
        return Verdict(
            refusal=_("A taken inquiry does not go back to «{stage}».").format(stage=there.title),
            rule="unsorted",
        )
    if here.meaning in ("won", "lost") and facts.only_forward:
        return Verdict(refusal=_("The deal is closed. In this funnel deals only go forward."), rule="only_forward")
    if refused := _refused_to_role(facts):
        return refused
    if there.meaning == "lost":
        missing = _missing_for_loss(facts)
        return _approval(facts, "") if not missing else Verdict(missing=missing)
    if facts.only_forward and there.position < here.position:
        return Verdict(
            refusal=_("In this funnel deals only go forward: «{there}» is before «{here}».").format(
                there=there.title, here=here.title
            ),
            rule="only_forward",
        )
    skipped = [stage for stage in facts.between if stage.meaning == "open"] if there.position > here.position else []
    if facts.no_skipping and skipped:
        return Verdict(
            refusal=_("First «{stage}»: stages are not skipped here.").format(stage=skipped[0].title),
            rule="no_skipping",
        )
    full = full_words(facts.wip, there.title)
    if full and facts.wip and facts.wip.enforced:
        return Verdict(refusal=full, rule="wip")
    missing = [key for stage in (*skipped, there) for key in stage.required if key not in facts.filled]
    if facts.next_step_required and there.meaning == "open" and not facts.has_next_step:
        missing.append("next_step")
    if missing:
        return Verdict(missing=list(dict.fromkeys(missing)), warning=full)
    return _approval(facts, full)


def _refused_to_role(facts: MoveFacts) -> Verdict | None:
    """What people of this role never do by hand."""
    there, role = facts.there, facts.role
    if not role:
        return None
    if there.derived:
        return Verdict(
            refusal=_("A deal comes to «{stage}» by what is filled in, not by hand.").format(stage=there.title),
            rule="derived",
        )
    if there.may_enter and role not in there.may_enter:
        return Verdict(refusal=_("Your role does not move deals to «{stage}».").format(stage=there.title), rule="role")
    return None


def _approval(facts: MoveFacts, warning: str) -> Verdict:
    """Everything is given; somebody's word may still be wanted."""
    there = facts.there
    if facts.role and there.approver not in ("", facts.role) and not facts.approved:
        return Verdict(
            refusal=_("The move to «{stage}» needs a yes of your head.").format(stage=there.title), rule="approval"
        )
    return Verdict(warning=warning)


def full_words(wip: WipFacts | None, stage: str) -> str:
    """The sentence of a stage that holds as many as it may; «» while there is room."""
    if wip is None or wip.held < wip.limit:
        return ""
    if wip.by_hands:
        text = _("Already {held} of {limit} deals in the same hands at «{stage}»: finish some first.")
    else:
        text = _("Already {held} of {limit} deals at «{stage}»: finish some first.")
    return text.format(held=wip.held, limit=wip.limit, stage=stage)


def _missing_for_loss(facts: MoveFacts) -> list[str]:
    if facts.reason_needs_comment is None:
        return ["loss_reason"]
    return ["loss_comment"] if facts.reason_needs_comment and not facts.has_comment else []
