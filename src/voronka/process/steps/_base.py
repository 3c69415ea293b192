from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from voronka.deals.models import Deal
from voronka.kernel.actor import Actor
from voronka.tasks.models import TaskKind

from ..outline import Outline
from ..values import Part


@dataclass(frozen=True, kw_only=True)
class Work:
    """What a step works with. `by` already signs as the rule; `deal` is as the steps before have left it."""

    deal: Deal
    rule: str
    title: str
    by: Actor
    now: datetime
    outline: Outline
    task_kinds: Mapping[str, TaskKind] = field(default_factory=dict)


class BaseStep(Part):
    """One thing a rule does. `do` names the kind in the document; `changes_deal`: the next step must read it again."""

    do: str
    changes_deal: ClassVar[bool] = False

    def run(self, work: Work) -> None:
        """Do it, by the actions of the packages below. A Refusal undoes the whole rule and is recorded."""
        raise NotImplementedError

    def sentence(self, outline: Outline) -> str:
        """What it does, for people: «create the task …»."""
        raise NotImplementedError
