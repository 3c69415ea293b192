"""`voronka up`: everything on one data folder, under one supervisor."""

import argparse
import errno
import os
import signal
import socket
import sys
import time
import urllib.request
import webbrowser

from voronka.cli import assets, database
from voronka.cli.addresses import Addresses
from voronka.cli.console import Failure, say, step
from voronka.cli.demo import build_demo, refuse_unknown_preset
from voronka.cli.embedded import EmbeddedPostgres
from voronka.cli.environment import application_environment, named_folder
from voronka.cli.folder import DataFolder
from voronka.cli.migrate import migrate
from voronka.cli.setup_code import VARIABLE, first_run_is_open, setup_code
from voronka.cli.supervisor import BackOff, Child, Supervisor
from voronka.cli.words import _

READY_SECONDS = 120.0
WORKER_DELAY = 2.0
# A process that dies this often before the first answer will not come up by itself.
HOPELESS = 3


def main(arguments: list[str]) -> int:
    options = parse(arguments)
    refuse_unknown_preset(options.preset)
    folder = named_folder(options.data)
    folder.prepare()
    folder.lock()
    refuse_busy_port(options.host, options.port)
    assets.ensure_built()
    return System(folder, options).run()


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="voronka up", description=_("start everything on one data folder"))
    parser.add_argument("--data", metavar="DIR", help=_("the data folder"))
    parser.add_argument("--host", default="127.0.0.1", help=_("the address to listen on"))
    parser.add_argument("--port", type=int, default=8000, help=_("the port to listen on"))
    parser.add_argument("--preset", default="", help=_("the trade to set up on an empty base"))
    parser.add_argument("--demo", action="store_true", help=_("fill an empty base with a living company"))
    parser.add_argument("--no-browser", action="store_true", help=_("open no page"))
    return parser.parse_args(arguments)


def refuse_busy_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            why = {
                errno.EADDRINUSE: _("another program holds it"),
                errno.EACCES: _("this user may not open it"),
                errno.EADDRNOTAVAIL: _("this machine has no such address"),
            }.get(error.errno or 0, error.strerror)
            raise Failure(
                _("The port {port} of {host} cannot be used: {why}.").format(port=port, host=host, why=why),
                remedy=_("Stop the program that holds it, or name another one with --port N."),
            ) from error


def start_embedded(folder: DataFolder, *, settings: dict[str, str] | None = None) -> tuple[EmbeddedPostgres, Addresses]:
    """The folder's own server, running, with roles and base ready to be migrated. `settings` hold for this run."""
    secrets = folder.secrets()
    server = EmbeddedPostgres(
        folder.postgres,
        password=secrets["postgres_password"],
        log=folder.logs / "postgres.log",
        settings=settings,
    )
    if server.initialised:
        server.refuse_other_major()
    else:
        with step(_("Making the base (PostgreSQL)")):
            server.initialise()
    with step(_("Starting PostgreSQL")):
        server.start()
        try:
            if folder.unfinished.exists():
                # A demo that was cut short is half a company: it is made anew.
                database.drop_embedded(server.admin_url)
                folder.unfinished.unlink()
            database.prepare_embedded(
                server.admin_url,
                owner_password=secrets["owner_password"],
                app_password=secrets["app_password"],
            )
        except BaseException:
            server.stop()
            raise
    return server, Addresses(
        owner=server.url(database.OWNER, secrets["owner_password"], database.DATABASE),
        app=server.url(database.APP, secrets["app_password"], database.DATABASE),
    )


class System:
    """One installation, from its data folder to its address."""

    def __init__(self, folder: DataFolder, options: argparse.Namespace) -> None:
        self.folder, self.options = folder, options
        self.secrets = folder.secrets()
        self.setup_code = setup_code(options.host)
        shown = "127.0.0.1" if options.host in ("0.0.0.0", "::", "") else options.host
        self.address = f"http://{f'[{shown}]' if ':' in shown else shown}:{options.port}"
        self.postgres: EmbeddedPostgres | None = None
        self.addresses: Addresses | None = None
        self.supervisor: Supervisor | None = None

    def run(self) -> int:
        # Until the supervisor listens, a wish to stop interrupts the step at hand.
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.default_int_handler)
        try:
            self.addresses = database.outside()
            if self.addresses is None:
                self.postgres, self.addresses = start_embedded(self.folder)
            else:
                self.prepare_outside(self.addresses)
            self.bring_up_to_date(self.addresses)
            logins = self.fill(self.addresses)
            supervisor = self.start_processes(self.addresses)
            self.welcome(logins)
            supervisor.run()
            say("\n" + _("Stopping"))
        finally:
            self.stop()
        return 0

    # -- the base ---------------------------------------------------------------------------

    def prepare_outside(self, addresses: Addresses) -> None:
        with step(_("Preparing roles and rights")):
            database.prepare_outside(addresses)

    def bring_up_to_date(self, addresses: Addresses) -> None:
        if not database.is_migrated(addresses):
            with step(_("Migrating the base")):
                migrate(addresses, data=self.folder.path, log=self.folder.logs / "migrate.log")

    def fill(self, addresses: Addresses) -> list[dict[str, str]]:
        if not self.options.demo:
            return []
        if database.has_company(addresses):
            say("  " + _("The base has a company already: the demo is left out."))
            return []
        self.folder.unfinished.touch()
        with step(_("Filling the base with a demo company")) as note:
            logins = build_demo(
                self.environment(addresses),
                preset=self.options.preset,
                log=self.folder.logs / "demo.log",
                progress=lambda line: setattr(note, "text", line),
            )
        self.folder.unfinished.unlink()
        return logins

    # -- the processes ----------------------------------------------------------------------

    def environment(self, addresses: Addresses) -> dict[str, str]:
        environment = application_environment(
            self.folder, addresses, base_url=self.address, secret_key=self.secrets["secret_key"]
        )
        if self.setup_code:
            environment[VARIABLE] = self.setup_code
        if self.options.preset:
            environment["VORONKA_PRESET"] = self.options.preset
        return environment

    def start_processes(self, addresses: Addresses) -> Supervisor:
        environment = self.environment(addresses)
        voronka = [sys.executable, "-m", "voronka"]
        listen = ["--host", self.options.host, "--port", str(self.options.port)]
        logs = self.folder.logs
        web = Child("web", [*voronka, "web", *listen], environment, logs / "web.log", patience=6)
        worker = Child("worker", [*voronka, "worker"], environment, logs / "worker.log", patience=12)
        # The page is what one waits for: the worker leaves it the processors at first.
        worker.back_off = BackOff(delay=WORKER_DELAY)
        children = [web, worker]
        self.supervisor = Supervisor(postgres=self.postgres, children=children, on_change=self.write_state)
        self.supervisor.listen_to_signals()
        with step(_("Starting the web server and the worker")):
            self.supervisor.start()
            self.wait_until_ready(self.supervisor)
        return self.supervisor

    def wait_until_ready(self, supervisor: Supervisor) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not supervisor.stopping and not answers(self.address):
            supervisor.tend()
            hopeless = next((child for child in supervisor.children if child.deaths >= HOPELESS), None)
            if hopeless or time.monotonic() > deadline:
                child = hopeless or supervisor.children[0]
                raise Failure(
                    _("{name} does not come up:").format(name=child.name) + "\n" + child.last_words(),
                    remedy=_("The whole log: {path}").format(path=child.log),
                )
            supervisor.pause(0.05)

    def write_state(self) -> None:
        assert self.supervisor and self.addresses
        state = {
            "supervisor": os.getpid(),
            "address": self.address,
            **self.supervisor.pids(),
            "owner_url": self.addresses.owner,
            "app_url": self.addresses.app,
            "role": self.addresses.role,
        }
        try:
            self.folder.write_state(state)
        except OSError as error:
            # A full disk must not take down what still runs.
            say(_("{path} was not written: {why}").format(path=self.folder.path / "running.json", why=error.strerror))

    def stop(self) -> None:
        # A second Ctrl+C must not leave half of the processes behind.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        if self.supervisor:
            self.supervisor.stop()
        elif self.postgres:
            self.postgres.stop()
        (self.folder.path / "running.json").unlink(missing_ok=True)

    # -- the console ------------------------------------------------------------------------

    def welcome(self, logins: list[dict[str, str]]) -> None:
        if self.supervisor and self.supervisor.stopping:
            return
        say()
        say("  " + _("Voronka runs: {address}/").format(address=self.address))
        say(
            "  "
            + _("Data: {path}. Logs: {logs}. Stop with Ctrl+C.").format(path=self.folder.path, logs=self.folder.logs)
        )
        for line in table(logins):
            say("  " + line)
        start = "/"
        if self.setup_code and first_run_is_open(self.address):
            start = f"/first-run?token={self.setup_code}"
            say("  " + _("Make the company here: {address}").format(address=self.address + start))
        if self.may_open_browser():
            webbrowser.open(self.address + start)

    def may_open_browser(self) -> bool:
        seen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
        return bool(seen) and sys.stdout.isatty() and not self.options.no_browser


def answers(address: str) -> bool:
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
            address + "/healthz", timeout=2
        ) as reply:
            return reply.status == 200
    except OSError:
        return False


def table(logins: list[dict[str, str]]) -> list[str]:
    """The demo's people with their passwords, shown this once."""
    if not logins:
        return []
    head = {"role": _("Role"), "name": _("Name"), "email": _("E-mail"), "password": _("Password")}
    rows = [head, *logins]
    width = {key: max(len(row[key]) for row in rows) for key in head}
    lines = ["  ".join(row[key].ljust(width[key]) for key in head).rstrip() for row in rows]
    return ["", _("People of the demo company (shown this once):"), *lines]
