"""Who asks for a change and why: every action takes one, every event keeps it."""

from dataclasses import dataclass, replace
from enum import StrEnum

#: `why` of an act that takes another one back; it sets off no rules.
UNDO = "undo"


class ActorKind(StrEnum):
    PERSON = "person"
    CLIENT = "client"
    RULE = "rule"
    SYSTEM = "system"
    IMPORT = "import"
    API = "api"


@dataclass(frozen=True, kw_only=True)
class Actor:
    """`person_id`: whose hand, if any. `why`: rule key, source title or reason. `depth`: rules that led here, `trace`:
    the run of the last of them.

    `reach` and `seat_id` are the person's side of the gate; an actor without a reach (a rule, a source,
    the system) is not bound by it. `role` is the role's key, `permissions` are what it grants.
    """

    kind: ActorKind
    person_id: int | None = None
    seat_id: int | None = None
    reach: frozenset[str] | None = None
    permissions: frozenset[str] = frozenset()
    role: str = ""
    why: str = ""
    depth: int = 0
    trace: int = 0

    def by_rule(self, rule: str, *, trace: int = 0) -> "Actor":
        """The same chain, one rule further."""
        return replace(self, kind=ActorKind.RULE, why=rule, depth=self.depth + 1, trace=trace, reach=None)

    def unbound(self) -> "Actor":
        """The same hand, doing what follows from an allowed act and so is not asked of the gate again."""
        return replace(self, reach=None)

    def may(self, permission: str) -> bool:
        """Whether the role grants it; rules and the system may do anything."""
        return self.reach is None or permission in self.permissions


def person(
    person_id: int, *, seat_id: int, reach: frozenset[str], permissions: frozenset[str], role: str = ""
) -> Actor:
    return Actor(
        kind=ActorKind.PERSON, person_id=person_id, seat_id=seat_id, reach=reach, permissions=permissions, role=role
    )


def client(why: str) -> Actor:
    return Actor(kind=ActorKind.CLIENT, why=why)


def system(why: str) -> Actor:
    return Actor(kind=ActorKind.SYSTEM, why=why)
