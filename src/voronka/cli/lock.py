"""`voronka lock`: write `locks/*.txt` again from pyproject.toml, keeping the versions that still fit.

The lock files are requirement lists with hashes: unlike uv.lock they name no registry, so the same
files work with any index that a machine is set up to use. `--upgrade` takes the newest versions.
"""

import os
import re
import sys
import tomllib
from collections.abc import Iterator

from voronka.cli.console import Failure
from voronka.cli.tools import passes, source_root
from voronka.cli.words import _

GROUPS = {"run": [], "dev": ["--group", "dev"]}
ALONE = ("uv", "node")
#: Of these packages only the files are read: nothing that they import is wanted.
FILES = ("samples",)
INSTALLED = "--installed"


def main(arguments: list[str]) -> int:
    if INSTALLED in arguments:
        return 0
    root = source_root()
    uv = str(root / ".venv" / "bin" / "uv")
    command = [uv, "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-header", "--no-annotate"]
    command += ["--no-emit-index-url", "--upgrade"] if "--upgrade" in arguments else ["--no-emit-index-url"]
    targets = {name: ["pyproject.toml", *options] for name, options in GROUPS.items()}
    targets |= {name: ["--group", name] for name in ALONE}
    targets |= {name: ["--group", name, "--no-deps"] for name in FILES}
    for name, source in targets.items():
        limits = ["-c", "locks/run.txt"] if name == "dev" else []
        if not passes(f"locks/{name}.txt", [*command, *source, *limits, "-o", f"locks/{name}.txt"]):
            raise Failure(_("The dependencies could not be locked."))
    # The launcher sees that the lock has changed, installs what is new and calls us once more.
    sys.stdout.flush()
    os.execv(root / "voronka", ["voronka", "lock", INSTALLED])


def unlocked() -> Iterator[str]:
    """Dependencies of pyproject.toml that the lock files do not hold."""
    root = source_root()
    project = tomllib.loads((root / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    wanted = {
        "run": project["project"]["dependencies"],
        "dev": project["project"]["dependencies"] + groups["dev"],
        **{name: groups[name] for name in (*ALONE, *FILES)},
    }
    for name, requirements in wanted.items():
        held = {line.split("==")[0] for line in (root / "locks" / f"{name}.txt").read_text().splitlines()}
        for requirement in requirements:
            package = re.split(r"[\[<>=!~; ]", requirement)[0].lower().replace("_", "-").replace(".", "-")
            if package not in held:
                yield f"locks/{name}.txt: {package} ({_('run')} ./voronka lock)"
