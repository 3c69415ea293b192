"""Filling an empty base with a living company, in a process of its own with the application's rights."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from pathlib import Path

from voronka.cli.console import Failure
from voronka.cli.folder import PACKAGE
from voronka.cli.processes import die_with_parent
from voronka.cli.words import _

PRESET = "quests"


def presets() -> list[str]:
    """The trades this version knows: each is a folder with a process document."""
    return sorted(file.parent.name for file in (PACKAGE / "presets").glob("*/process.yaml"))


def refuse_unknown_preset(name: str) -> None:
    if name and name not in presets():
        raise Failure(
            _("There is no preset {name}.").format(name=name),
            remedy=_("There are: {names}").format(names=", ".join(presets())),
        )


def build_demo(
    environment: dict[str, str], *, preset: str, log: Path, progress: Callable[[str], None]
) -> list[dict[str, str]]:
    """Build it on an empty base and return the people's logins."""
    with log.open("w") as kept:
        child = subprocess.Popen(
            [sys.executable, "-m", "voronka.cli.demo", preset or PRESET],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=die_with_parent(),
        )
        assert child.stdout and child.stderr
        for line in child.stderr:
            kept.write(line)
            progress(line.strip()[:60])
        answer, code = child.stdout.read(), child.wait()
    if code:
        words = log.read_text(errors="replace").strip().splitlines()[-6:]
        raise Failure(
            _("The demo company could not be built:") + "\n" + "\n".join(words),
            remedy=_("The whole log: {path}").format(path=log),
        )
    return json.loads(answer)


def main() -> int:
    """The child: Django's side of `build_demo`. Days go to stderr, the logins as JSON to stdout."""
    import django

    django.setup()
    from voronka.presets import demo

    try:
        logins = demo.build(preset=sys.argv[1], progress=lambda line: print(line, file=sys.stderr, flush=True))
    except KeyError as error:
        print(error.args[0], file=sys.stderr)
        return 1
    print(json.dumps([login_row(login) for login in logins], ensure_ascii=False))
    return 0


def login_row(login: object) -> dict[str, str]:
    row = asdict(login) if is_dataclass(login) and not isinstance(login, type) else vars(login)
    return {key: str(row[key]) for key in ("role", "name", "email", "password")}


if __name__ == "__main__":
    sys.exit(main())
