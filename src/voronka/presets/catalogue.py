"""The presets there are: each is a folder with one process document."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from voronka.process import document

FOLDER = Path(__file__).resolve().parent

#: In the order they are offered.
KEYS = ("quests", "fitness", "production", "water", "metal", "empty")


@dataclass(frozen=True, kw_only=True)
class Preset:
    """What one chooses from: `stages` are titles of the first funnel, `funnels` of all."""

    key: str
    title: str
    description: str
    funnels: tuple[str, ...]
    stages: tuple[str, ...]
    rules: int


@cache
def available() -> tuple[Preset, ...]:
    return tuple(_preset(key) for key in KEYS)


def text(key: str) -> str:
    """The document of a preset. Raises KeyError when there is none."""
    if key not in KEYS:
        raise KeyError(key)
    return (FOLDER / key / "process.yaml").read_text(encoding="utf-8")


def _preset(key: str) -> Preset:
    process = document.trusted(text(key))
    return Preset(
        key=key,
        title=process.title,
        description=process.description,
        funnels=tuple(funnel.title for funnel in process.funnels),
        stages=tuple(stage.title for stage in process.funnels[0].stages if stage.meaning != "lost"),
        rules=len(process.rules),
    )
