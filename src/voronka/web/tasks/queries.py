"""The tasks page: whose tasks, in which state, from where on."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import QuerySet
from django.http import QueryDict

from voronka.kernel.filters import Tree
from voronka.staff.models import Person
from voronka.tasks.models import Task
from voronka.tasks.queries import visible

from .filtering import tree_of

SIZE = 50
WHO = ("me", "team", "all")


@dataclass(frozen=True)
class Wanted:
    """What the address asks for; nonsense in it is read as the usual."""

    who: str
    done: bool
    part: str
    filter: Tree
    after: tuple[datetime, int] | None

    @classmethod
    def of(cls, query: QueryDict, person: Person) -> "Wanted":
        who = query.get("who", "me")
        part = query.get("part", "")
        return cls(
            who=who if who in whose(person) else "me",
            done=query.get("state") == "done",
            part=part if part in ("late", "today", "tomorrow", "later") else "",
            filter=tree_of(query),
            after=read_cursor(query.get("after", "")),
        )


def whose(person: Person) -> list[str]:
    """The tabs of this person: a team only for those who see more than their own and have one."""
    heads = person.role.sees != "own"
    return ["me", *(["team"] if heads and person.team_id else []), "all"]


def belonging(person: Person, who: str) -> QuerySet[Task]:
    """Tasks of «me», of my team, or all that the gate lets through."""
    tasks = visible(person)
    if who == "me":
        return tasks.filter(responsible=person)
    if who == "team":
        return tasks.filter(responsible__team=person.team_id)
    return tasks


def write_cursor(moment: datetime, number: int) -> str:
    return f"{int(moment.timestamp() * 1_000_000)}-{number}"


def read_cursor(text: str) -> tuple[datetime, int] | None:
    head, _dash, tail = text.partition("-")
    if not (head.isdigit() and tail.isdigit() and len(head) < 17 and len(tail) < 19):
        return None
    seconds, micro = divmod(int(head), 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micro), int(tail)
