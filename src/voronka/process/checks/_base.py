from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from ..schema import Process, Rule
from ..steps import BaseStep
from ..values import StageRef, Written

Path = tuple[str | int, ...]

#: A mistake keeps the document from being switched on, a warning is shown.
MISTAKE, WARNING = "mistake", "warning"


@dataclass(frozen=True, kw_only=True)
class Cure:
    """What a button may do about a finding: write `value` at `path`; `text` is the button."""

    path: Path
    value: Any
    text: str


@dataclass(frozen=True)
class Finding:
    """`path` leads to the place in the document; `remedy` says what to do about it."""

    path: Path
    text: str
    remedy: str = ""
    level: str = MISTAKE
    cure: Cure | None = None


@dataclass(frozen=True, kw_only=True)
class Company:
    """What a document can't know: keys of roles that active people have, keys of channels that can send, titles of
    webhooks that are switched on; None when nobody looked.
    """

    manned: frozenset[str]
    channels: frozenset[str]
    hooks: Collection[str] | None = None


def steps(process: Process) -> Iterator[tuple[Path, Rule, BaseStep]]:
    for index, rule in enumerate(process.rules):
        for number, step in enumerate(rule.then):
            yield ("rules", index, "then", number), rule, step


def stages_of(part: BaseModel) -> tuple[str, ...]:
    """Stages that a trigger names."""
    return tuple(str(ref) for ref in getattr(part, "stages", ()))


def children(node: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(node, BaseModel):
        for name, field in type(node).model_fields.items():
            yield (*path, field.alias or name), getattr(node, name)
    elif isinstance(node, list | tuple):
        for index, item in enumerate(node):
            yield (*path, index), item
    elif isinstance(node, dict):
        for key, item in node.items():
            yield (*path, str(key)), key
            yield (*path, str(key)), item


def written(node: Any, path: Path = ()) -> Iterator[tuple[Path, Written]]:
    """Every string with a meaning, wherever it stands."""
    if isinstance(node, Written):
        yield path, node
    for deeper, child in children(node, path):
        yield from written(child, deeper)


def targets(step: BaseStep) -> set[str]:
    """Stages a step puts deals on."""
    return {str(ref) for _path, ref in written(step) if isinstance(ref, StageRef)}
