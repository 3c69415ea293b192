"""`voronka check`: everything that can be said about the code without running it."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from voronka.cli.catalogues import areas, conflicts, faults
from voronka.cli.console import say
from voronka.cli.environment import NOBODYS_KEY
from voronka.cli.lock import unlocked
from voronka.cli.tools import passes, report, source_root, tool
from voronka.cli.words import _

MOST_LINES = 25
LONGEST_PYTHON, LONGEST_TEMPLATE = 400, 150
REGISTRY_HOST = re.compile(r"(?:https?:)?//[a-z.-]*(?:pypi|npm|pythonhosted|debian)[a-z.]*\.(?:org|com)")


def main(arguments: list[str]) -> int:
    say(_("Checking"))
    results = [
        passes("ruff check", [tool("ruff"), "check", "."]),
        passes("ruff format", [tool("ruff"), "format", "--check", "."]),
        passes("mypy", [tool("mypy"), "--no-error-summary"], VORONKA_SECRET_KEY=NOBODYS_KEY),
        passes("import-linter", [tool("lint-imports"), "--no-cache"]),
        migrations_are_complete(),
        finds_nothing(_("translations"), translation_faults),
        finds_nothing(_("lock files"), unlocked),
        finds_nothing(_("no registry is named"), registry_hosts),
    ]
    for line in too_long():
        say(f"! {line}")
    failed = results.count(False)
    say(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


def migrations_are_complete() -> bool:
    command = [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"]
    # The address leads nowhere: the models are compared with the files, no base is asked.
    return passes(
        "makemigrations --check",
        [*command[:1], "-W", "ignore::RuntimeWarning", *command[1:]],
        DJANGO_SETTINGS_MODULE="voronka.settings",
        VORONKA_SECRET_KEY=NOBODYS_KEY,
        DATABASE_URL="postgres://nobody@127.0.0.1:1/nowhere",
    )


def finds_nothing(title: str, find: Callable[[], Iterator[str]]) -> bool:
    began = time.monotonic()
    found = list(find())
    report(title, not found, time.monotonic() - began)
    for line in found[:MOST_LINES]:
        say(f"  {line}")
    if len(found) > MOST_LINES:
        say("  " + _("and {n} more").format(n=len(found) - MOST_LINES))
    return not found


def translation_faults() -> Iterator[str]:
    for area in areas():
        yield from faults(area)
    yield from conflicts()


def tracked(*patterns: str) -> Iterator[Path]:
    root = source_root()
    names = subprocess.run(
        ["git", "ls-files", "-z", *patterns], cwd=root, capture_output=True, text=True, env={**os.environ}
    ).stdout
    for name in filter(None, names.split("\0")):
        if (root / name).is_file():
            yield root / name


def registry_hosts() -> Iterator[str]:
    for file in tracked():
        try:
            text = file.read_text()
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if REGISTRY_HOST.search(line):
                yield f"{file.relative_to(source_root())}:{number}: {line.strip()[:100]}"


def too_long() -> Iterator[str]:
    """Only a warning: a long file says that a concept is missing a name."""
    for pattern, limit in (("*.py", LONGEST_PYTHON), ("*.html", LONGEST_TEMPLATE)):
        for file in tracked(pattern):
            lines = file.read_text().count("\n")
            if lines > limit and "migrations" not in file.parts:
                yield _("{file} has {lines} lines").format(file=file.relative_to(source_root()), lines=lines)
