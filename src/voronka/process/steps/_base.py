from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from voronka.clients.models import Company, Contact
from voronka.deals.models import Deal, Stage
from voronka.kernel.actor import Actor
from voronka.kernel.calendars import Calendar
from voronka.staff.calendars import calendar_of
from voronka.tasks.models import TaskKind

from .. import parts
from ..outline import Outline
from ..values import Clock, Duration, Part

if TYPE_CHECKING:
    from ..schema import Process


#: Later than this after its moment a message is held back, unless the rule says otherwise.
STALE = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Work:
    """What a step works with. `by` already signs as the rule; `deal` is as the steps before have left it.

    A rule about a client has no deal, one about nothing has no client either. `due_at`: the moment of a timed rule,
    which may be long past `now`. `fulfils` asks any condition of the document of the deal as it is now.
    """

    deal: Deal | None
    company: Company | None = None
    contact: Contact | None = None
    rule: str
    title: str
    by: Actor
    now: datetime
    due_at: datetime
    stale_after: Duration | None = None
    process: "Process"
    fulfils: Callable[[list[Any]], bool] = lambda condition: False
    task_kinds: Mapping[str, TaskKind] = field(default_factory=dict)

    @property
    def outline(self) -> Outline:
        return self.process.outline

    @property
    def is_stale(self) -> bool:
        """Whether the moment is so long past that a message about it has become pointless."""
        return self.now > self.due_at + (self.stale_after.delta if self.stale_after else STALE)

    def calendar(self, clock: Clock | None) -> Calendar:
        """In what a duration of the rule counts."""
        return calendar_of(self.process.clock_of(self.deal.funnel.key if self.deal else "", clock))

    @property
    def of_deal(self) -> Deal:
        """The deal, for steps that the checks let stand only in rules about deals."""
        assert self.deal is not None
        return self.deal

    @property
    def of_client(self) -> Company:
        assert self.company is not None
        return self.company

    @property
    def audience(self) -> Sequence[str]:
        """Who may see what the rule did."""
        whose = self.deal or self.company
        return whose.audience if whose else ()


def stage_row(ref: str) -> Stage:
    """The row of «funnel/stage»."""
    funnel, stage = ref.split("/")
    return Stage.objects.select_related("funnel").get(funnel__key=funnel, key=stage, is_active=True)


class BaseStep(Part):
    """One thing a rule does. `do` names the kind in the document.

    `changes_deal`: the next step must read it again. `needs`: what the rule must be about, «deal» or «client»; a rule
    about a deal is about its client, too. `part`: the part of the system it works with, see `process.parts`.
    """

    do: str
    changes_deal: ClassVar[bool] = False
    needs: ClassVar[str] = "deal"
    part: ClassVar[str] = ""

    @property
    def supported(self) -> bool:
        """Whether it can be done here now."""
        return parts.is_at_work(self.part)

    def run(self, work: Work) -> None:
        """Do it, by the actions of the packages below. A Refusal undoes the whole rule and is recorded."""
        raise NotImplementedError

    def sentence(self, outline: Outline) -> str:
        """What it does, for people: «create the task …»."""
        raise NotImplementedError
