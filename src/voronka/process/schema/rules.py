"""A rule: when, if, then."""

from typing import Annotated, Any

from pydantic import Field

from ..steps import Step
from ..triggers import Trigger
from ..values import Key, Part, Title


class Rule(Part):
    """One sentence of the process. `if` is a filter over the deal; see `process.conditions`."""

    key: Key
    title: Title
    when: Trigger
    if_: Annotated[list[Any] | None, Field(alias="if")] = None
    then: Annotated[list[Step], Field(min_length=1)]
