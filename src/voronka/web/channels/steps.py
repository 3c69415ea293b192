"""The set-up of a connection as numbered steps: what is done, where we are, what is ahead."""

from collections.abc import Sequence
from dataclasses import dataclass

from voronka.channels.models import Connection
from voronka.channels.port import Blank, SetUpStep, Words


@dataclass(frozen=True, kw_only=True)
class Filled:
    """A blank of the form; of a secret only its ends are shown."""

    blank: Blank
    value: str
    shown: str


@dataclass(frozen=True, kw_only=True)
class Stage:
    """`state`: done, here, ahead. `switches`: here the channel is switched on."""

    number: int
    title: Words
    help: Words
    state: str
    blanks: Sequence[Filled]
    switches: bool


def stages_of(row: Connection) -> list[Stage]:
    """Done: up to the last blank when all is filled, the next one when it is on, the last when something came."""
    steps = list(row.channel.steps)
    secrets, settings = row.secrets, row.settings
    last_blank = max((number for number, step in enumerate(steps) if step.blanks), default=-1)
    filled = all(secrets.get(one.key) or settings.get(one.key) for step in steps for one in step.blanks if one.needed)
    done = [
        filled if number <= last_blank else row.heard_at is not None if number == len(steps) - 1 else _is_on(row)
        for number in range(len(steps))
    ]
    here = done.index(False) if False in done else -1
    if not filled:
        here = last_blank
    return [
        Stage(
            number=number + 1,
            title=step.title,
            help=step.help,
            state="done" if done[number] else "here" if number == here else "ahead",
            blanks=_filled(step, secrets, settings),
            switches=number == min(last_blank + 1, len(steps) - 1),
        )
        for number, step in enumerate(steps)
    ]


def _is_on(row: Connection) -> bool:
    return row.state == Connection.State.ON


def _filled(step: SetUpStep, secrets: dict[str, str], settings: dict[str, str]) -> list[Filled]:
    found = []
    for blank in step.blanks:
        if blank.secret:
            found.append(Filled(blank=blank, value="", shown=masked(secrets.get(blank.key, ""))))
        else:
            value = settings.get(blank.key, "")
            found.append(Filled(blank=blank, value=value, shown=value))
    return found


def masked(secret: str) -> str:
    """«7214••••9kQ»: enough to tell one from another."""
    return f"{secret[:4]}••••••••{secret[-3:]}" if len(secret) > 12 else "••••" if secret else ""
