from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from voronka.deals.models import Deal
from voronka.kernel.actor import Actor

from ..outline import Outline
from ..values import Part


@dataclass(frozen=True, kw_only=True)
class Work:
    """What a step works with. `by` already signs as the rule; `deal` is fresh at the start of the rule."""

    deal: Deal
    rule: str
    title: str
    by: Actor
    now: datetime
    titles: Mapping[str, Mapping[str, str]]


class BaseStep(Part):
    """One thing a rule does. `do` names the kind in the document."""

    do: str

    def run(self, work: Work) -> None:
        """Do it, by the actions of the packages below. A Refusal undoes the whole rule and is recorded."""
        raise NotImplementedError

    def sentence(self, outline: Outline) -> str:
        """What it does, for people: «create the task …»."""
        raise NotImplementedError
