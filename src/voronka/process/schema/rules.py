"""A rule: when, if, then."""

from typing import Annotated, Any

from pydantic import Field

from ..steps import Step
from ..triggers import Trigger
from ..values import Duration, Key, Part, Title


class Rule(Part):
    """One sentence of the process. `if` is a filter over the deal or the client; see `process.conditions`.

    `stale_after`: messages that would go later than this after their moment are held back and listed. `holdout`:
    percent of clients left out as a control group. `loops`: that it comes back to itself through others is meant.
    """

    key: Key
    title: Title
    when: Trigger
    if_: Annotated[list[Any] | None, Field(alias="if")] = None
    then: Annotated[list[Step], Field(min_length=1)]
    stale_after: Duration | None = None
    holdout: Annotated[int, Field(ge=0, le=90)] = 0
    loops: bool = False

    @property
    def subject(self) -> str:
        """What it is about: a deal, a client or nothing."""
        return self.when.subject

    @property
    def supported(self) -> bool:
        """Whether all its parts are at work in this company."""
        return self.when.supported and all(step.supported for step in self.then)
