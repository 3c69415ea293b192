from collections.abc import Mapping
from typing import Any, ClassVar

from voronka.deals.models import Deal
from voronka.kernel.models import Event

from ..outline import Outline
from ..values import Part


class Happening:
    """An event as triggers see it: with the keys of the funnel and stage it happened on."""

    def __init__(self, event: Event, *, funnel: str, stage: str) -> None:
        self.kind, self.data = event.kind, event.data
        self.funnel, self.stage, self.stage_id = funnel, stage, event.stage_id

    kind: str
    data: Mapping[str, Any]


class BaseTrigger(Part):
    """When a rule fires. `event` names the kind in the document; `hears` are the events that may set it off."""

    event: str
    hears: ClassVar[tuple[str, ...]] = ()

    def matches(self, happening: Happening) -> bool:
        """Whether this event sets the rule off: facts of the event only."""
        raise NotImplementedError

    def holds(self, deal: Deal, happening: Happening) -> bool:
        """Whether it is still so when the rule's turn comes: rules before it may have changed the deal."""
        return True

    def sentence(self, outline: Outline) -> str:
        """«When …», for people."""
        raise NotImplementedError
