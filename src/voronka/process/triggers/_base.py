from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from voronka.deals.models import Deal
from voronka.kernel.models import Event

from .. import parts
from ..outline import Outline
from ..values import FUNNEL, STAGE, FunnelRef, Part

#: What a rule is about when it fires.
DEAL, CLIENT, NOTHING = "deal", "client", "nothing"


class Happening:
    """An event as triggers see it: with the keys of the funnel and stage it happened on."""

    def __init__(self, event: Event, *, funnel: str, stage: str, left: str = "") -> None:
        self.kind, self.data, self.by_kind = event.kind, event.data, event.by_kind
        self.funnel, self.stage, self.stage_id, self.left = funnel, stage, event.stage_id, left

    kind: str
    data: Mapping[str, Any]

    def aimed_at(self, rule: str) -> bool:
        """Whether a rule by this key may hear it: a button and a secret address belong to one."""
        return not self.kind.startswith("rule.") or self.data.get("rule") == rule


class BaseTrigger(Part):
    """When a rule fires. `event` names the kind in the document; `hears` are the events that may set it off.

    `part`: the part of the system whose facts it needs, see `process.parts`.
    """

    event: str
    hears: ClassVar[tuple[str, ...]] = ()
    part: ClassVar[str] = ""

    @property
    def subject(self) -> str:
        """What the rule is about: DEAL, CLIENT or NOTHING."""
        return DEAL

    @property
    def supported(self) -> bool:
        """Whether it can happen here now: what it hears of is at work."""
        return parts.is_at_work(self.part)

    def may_hear(self, funnel: str, stage: str) -> bool:
        """Whether anything that happens there may set it off; `stage` is «funnel/stage»."""
        return True

    def matches(self, happening: Happening) -> bool:
        """Whether this event sets the rule off: facts of the event only."""
        raise NotImplementedError

    def holds(self, deal: Deal, happening: Happening) -> bool:
        """Whether it is still so when the rule's turn comes: rules before it may have changed the deal."""
        return True

    def sentence(self, outline: Outline) -> str:
        """«When …», for people."""
        raise NotImplementedError


class InFunnels(BaseTrigger):
    """Something that happens to a deal. Without `funnels`: in any of them."""

    funnels: list[FunnelRef] = []

    def may_hear(self, funnel: str, stage: str) -> bool:
        return not self.funnels or funnel in self.funnels

    def matches(self, happening: Happening) -> bool:
        return not self.funnels or happening.funnel in self.funnels

    def sentence(self, outline: Outline) -> str:
        if not self.funnels:
            return self.what(outline)
        names = _(" or ").join(outline.quoted(FUNNEL, key) for key in self.funnels)
        return _("{what} in {funnels}").format(what=self.what(outline), funnels=names)

    def what(self, outline: Outline) -> str:
        """«When a call is missed»: the sentence without its place."""
        raise NotImplementedError


def stage_names(refs: Sequence[str], outline: Outline) -> str:
    return _(" or ").join(dict.fromkeys(outline.quoted(STAGE, ref) for ref in refs))
