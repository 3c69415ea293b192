"""How an import meets what is known already, as whoever begins it has chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

FILL, OVERWRITE, SKIP = "fill", "overwrite", "skip"
KNOWN = (FILL, OVERWRITE, SKIP)
#: By what a client is known again; the order is that of trust.
KEYS = ("external", "phone", "email", "messenger", "inn", "company")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """`known`: what becomes of a client that is here already: what is empty is filled, all is overwritten, nothing is
    touched. `keys`: by what it is known. `funnel`, `stage`: where deals go whose row names none. `stages`, `people`:
    the file's words → ids. `system`: whose external ids these are.
    """

    known: str = FILL
    keys: Sequence[str] = KEYS
    funnel: int | None = None
    stage: int | None = None
    system: str = "file"
    stages: Mapping[str, int] = field(default_factory=dict)
    people: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Settings":
        return cls(**{key: value for key, value in kept.items() if key in cls.__dataclass_fields__})

    def as_kept(self) -> dict[str, Any]:
        return asdict(self)
