"""What a demo company's script is made of: its people, who writes to it, what is done with a deal on each stage.

A script is data; `living.story` plays it. Where it needs a value of the moment it gives a function of the `Scene`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Protocol

from voronka.deals.models import Deal
from voronka.kernel import clock
from voronka.staff.models import Person

from .days import Days
from .people import Hire, Staff
from .shares import Shares

#: Minutes, from and to.
Span = tuple[float, float]
Weighted = Sequence[tuple[str, int]]
#: Kinds and titles of tasks people set themselves.
Steps = Sequence[tuple[str, str]]

HOUR, DAY = 60, 1440


@dataclass(kw_only=True)
class Scene:
    """A person at work on a deal, now."""

    days: Days
    staff: Staff
    deal: Deal
    me: Person

    @property
    def rng(self) -> Random:
        return self.days.rng

    @property
    def today(self) -> date:
        return self.days.local(clock.now()).date()

    @property
    def shares(self) -> Shares:
        return self.days.shares

    def in_days(self, low: int, high: int) -> str:
        """A day ahead (or behind), as people type it."""
        return (self.today + timedelta(days=self.rng.randint(low, high))).isoformat()

    def one(self, words: Sequence[str]) -> str:
        return self.rng.choice(words)

    def at(self, field: str, hour: int = 12, *, days: int = 0) -> datetime:
        """The day of a field of the deal, so many days later, at an hour of the clock."""
        day = date.fromisoformat(self.deal.fields[field]) + timedelta(days=days)
        return self.days.on(day, hour, self.rng.randrange(60))


Values = Callable[[Scene], Mapping[str, Any]]
Act = Callable[[Scene], None]


@dataclass(frozen=True, kw_only=True)
class Talk:
    """The first thing done with a deal on a stage: what is said, written down and planned."""

    wait: Span = (6, 55)
    values: Values | None = None
    notes: Sequence[str] = ()
    results: Sequence[str] = ("Поговорили",)
    steps: Steps = ()
    act: Act | None = None


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One of the ways on: so long after the deal came, or `at` a moment, it goes `to` another stage of its funnel.

    Without `to` only `values` are written, and rules do the rest. `reasons`: of a loss, with weights. `by`: the role
    that does it, when it is not whoever leads the deal.
    """

    to: str = ""
    weight: float = 1
    wait: Span = (1 * HOUR, 1 * DAY)
    at: Callable[[Scene], datetime] | None = None
    values: Values | None = None
    reasons: Weighted = ()
    notes: Sequence[str] = ()
    act: Act | None = None
    by: str = ""


@dataclass(frozen=True, kw_only=True)
class Stop:
    """What happens at a stage."""

    talk: Talk | None = None
    turns: Sequence[Turn] = ()


@dataclass(frozen=True, kw_only=True)
class Sender:
    """A place inquiries come from: a source of the intake and the fields its form has beside name and phone.

    `brands`: names that an aggregator writes with the order.
    """

    title: str
    profile: str
    weight: int
    channel: str = "site"
    brand: str = ""
    page: str = ""
    forms: Sequence[str] = ("Заявка",)
    mapping: Mapping[str, str] = field(default_factory=dict)
    fields: Callable[[Random], Mapping[str, str]] = lambda rng: {}


@dataclass(frozen=True, kw_only=True)
class Opening:
    """Deals that people of a role open themselves: `before` so many when the story begins, then one `every` so many
    days, at `stage` or the first one. `firm`: for an organisation; `location`: of whoever opens it.

    `values`: of fields, by the number of the deal and whoever opens it.
    """

    funnel: str
    role: str
    titles: Sequence[str]
    stage: str = ""
    before: int = 0
    every: float = 0
    firm: bool = False
    amount: int = 0
    values: Callable[[Days, int, Person], Mapping[str, Any]] | None = None
    act: Callable[[Days, int, Deal], None] | None = None
    location: bool = False


@dataclass(frozen=True, kw_only=True)
class Errand:
    """A task people set themselves each week."""

    login: str
    kind: str
    title: str
    weekday: int
    days: int
    results: Sequence[str]


class Words(Protocol):
    """What clients write, the first time and again, and the campaigns they come from, with weights."""

    WISHES: Sequence[str]
    AGAIN: Sequence[str]
    CAMPAIGNS: Sequence[tuple[Mapping[str, str], int]]


@dataclass(frozen=True, kw_only=True)
class Script:
    """A company. `week`: inquiries a day, Monday to Sunday. `takes`: role that takes what nobody has; `hours` it works.

    `stops` by «funnel/stage». `by_hand`: rules whose tasks are done by whoever moves the deal; `chores`: kinds of tasks
    that their own people do. `returns`: stage → how likely its client asks again, and after how many days.
    """

    company: str
    hires: Sequence[Hire]
    senders: Sequence[Sender]
    stops: Mapping[str, Stop]
    words: Words
    takes: str = "manager"
    hours: tuple[int, int] = (10, 21)
    week: Sequence[float] = (4, 4, 4, 4, 4, 2, 1)
    by_hand: frozenset[str] = frozenset()
    chores: Mapping[str, Sequence[str]] = field(default_factory=dict)
    walk_in: str = ""
    openings: Sequence[Opening] = ()
    errands: Sequence[Errand] = ()
    returns: Mapping[str, tuple[float, int, int]] = field(default_factory=dict)
    loss_comments: Sequence[str] = ("Просили больше не звонить",)
