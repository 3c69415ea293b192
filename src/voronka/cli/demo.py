"""Filling an empty base with a living company, in a process of its own with the application's rights."""

import json
import subprocess
import sys
from dataclasses import asdict, is_dataclass
from pathlib import Path

from voronka.cli.console import Failure, say
from voronka.cli.words import _

PRESET = "quests"


def build_demo(environment: dict[str, str], *, preset: str, log: Path) -> list[dict[str, str]]:
    """Build it and return the people's logins; an empty list when the base has a company already."""
    with log.open("wb") as errors:
        result = subprocess.run(
            [sys.executable, "-m", "voronka.cli.demo", preset or PRESET],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
    if result.returncode:
        words = log.read_text(errors="replace").strip().splitlines()[-6:]
        raise Failure(
            _("The demo company could not be built:") + "\n" + "\n".join(words),
            remedy=_("The whole log: {path}. Start again on an empty folder with --data DIR.").format(path=log),
        )
    answer = json.loads(result.stdout)
    if answer is None:
        say(_("The base has a company already: the demo is left out."))
        return []
    return answer


def main() -> int:
    import django

    django.setup()
    from voronka.presets.demo import build
    from voronka.staff.models import Person

    if Person.objects.exists():
        print("null")
        return 0
    logins = build(preset=sys.argv[1], progress=lambda line: print(line, file=sys.stderr, flush=True))
    print(json.dumps([login_row(login) for login in logins], ensure_ascii=False))
    return 0


def login_row(login: object) -> dict[str, str]:
    row = asdict(login) if is_dataclass(login) and not isinstance(login, type) else vars(login)
    return {key: str(row[key]) for key in ("role", "name", "email", "password")}


if __name__ == "__main__":
    sys.exit(main())
