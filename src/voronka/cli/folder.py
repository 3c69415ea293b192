"""The data folder: where it is, whose it is, what lies in it, and that only one system uses it."""

import errno
import fcntl
import json
import os
import pwd
import secrets
import shutil
from pathlib import Path
from typing import Any

from voronka.cli.addresses import Addresses
from voronka.cli.console import Failure
from voronka.cli.words import _

PACKAGE = Path(__file__).resolve().parent.parent
LEAST_FREE_BYTES = 200 * 1024 * 1024


def checkout() -> Path | None:
    """The folder of the source checkout this code runs from; None for an installed wheel."""
    root = PACKAGE.parent.parent
    return root if (root / "pyproject.toml").is_file() and (root / "voronka").is_file() else None


def default_folder() -> Path:
    if root := checkout():
        return root / "data"
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(home) / "voronka"


class DataFolder:
    """One installation's folder. Everything that must survive lies here and nowhere else."""

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().absolute()
        self.logs = self.path / "logs"
        self.files = self.path / "files"
        self.postgres = self.path / "postgres"
        self.unfinished = self.path / "demo-unfinished"
        self._lock: int | None = None

    def prepare(self) -> None:
        """Make the folder, or refuse one that is not ours, not writable or on a full disk."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except (PermissionError, FileExistsError, NotADirectoryError) as error:
            raise Failure(
                _("The data folder {path} cannot be made: {why}.").format(path=self.path, why=error.strerror),
                remedy=_("Name another one with --data DIR."),
            ) from error
        self._refuse_foreign()
        self._refuse_full_disk()
        for folder in (self.logs, self.files):
            folder.mkdir(exist_ok=True)
            folder.chmod(0o700)
        self.path.chmod(0o755 if os.geteuid() == 0 else 0o700)

    def _refuse_foreign(self) -> None:
        owner = self.path.stat().st_uid
        if owner == os.geteuid():
            return
        try:
            name = pwd.getpwuid(owner).pw_name
        except KeyError:
            name = str(owner)
        raise Failure(
            _("The data folder {path} belongs to the user {owner}.").format(path=self.path, owner=name),
            remedy=_("Run as that user, or name a folder of your own with --data DIR."),
        )

    def _refuse_full_disk(self) -> None:
        free = shutil.disk_usage(self.path).free
        if free < LEAST_FREE_BYTES:
            raise Failure(
                _("The disk of {path} is full: {free} MB are free, {least} MB are needed to start.").format(
                    path=self.path, free=free // 2**20, least=LEAST_FREE_BYTES // 2**20
                ),
                remedy=_("Free some space, or name a folder on another disk with --data DIR."),
            )

    def lock(self) -> None:
        """Hold the folder until this process ends; a second system is refused."""
        handle = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(handle)
            if error.errno not in (errno.EAGAIN, errno.EACCES):
                raise
            running = self.read_state()
            raise Failure(
                _("Voronka already runs on {path}: process {pid}, {address}.").format(
                    path=self.path,
                    pid=running.get("supervisor", "?"),
                    address=running.get("address", _("still starting")),
                ),
                remedy=_("Open that address, stop that process, or name another folder with --data DIR."),
            ) from error
        self._lock = handle

    def is_locked(self) -> bool:
        """Whether a system runs on this folder just now."""
        try:
            handle = os.open(self.path / "lock", os.O_RDWR)
        except OSError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
        finally:
            os.close(handle)
        return False

    def secrets(self) -> dict[str, str]:
        """This installation's secrets, made at the first start; readable by the owner only."""
        file = self.path / "secrets.json"
        try:
            known = json.loads(file.read_text())
        except FileNotFoundError:
            known = {}
        except ValueError as error:
            raise Failure(_("{path} is damaged.").format(path=file), remedy=_("Restore it from a backup.")) from error
        names = ("secret_key", "postgres_password", "owner_password", "app_password")
        missing = [name for name in names if name not in known]
        if missing:
            known |= {name: secrets.token_urlsafe(40) for name in missing}
            write_private(file, json.dumps(known, indent=1))
        return known

    def read_state(self) -> dict[str, Any]:
        """What the running system says of itself: pids, address, port; empty when none ran."""
        try:
            return json.loads((self.path / "running.json").read_text())
        except (OSError, ValueError):
            return {}

    def running_addresses(self) -> Addresses | None:
        """How to reach the base of the system that runs on this folder; None when none does."""
        state = self.read_state()
        if not self.is_locked() or "owner_url" not in state:
            return None
        return Addresses(owner=state["owner_url"], app=state["app_url"], role=state.get("role", ""))

    def write_state(self, state: dict[str, Any]) -> None:
        write_private(self.path / "running.json", json.dumps(state))


def write_private(file: Path, text: str) -> None:
    """Replace the file at once and whole, readable by the owner only."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)
