"""`voronka web`: granian with our ASGI application; pages, API and live streams on one port."""

import argparse
import os
import signal

from granian.constants import HTTPModes, Interfaces
from granian.server import Server

from voronka.cli.environment import become_application
from voronka.cli.processes import die_with_parent
from voronka.cli.words import _

# Every open page holds a stream, so the queue of connections is far longer than the work at hand.
BACKLOG = 4096
BACKPRESSURE = 4096


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="voronka web", description=_("the web server alone"))
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=default_workers())
    options = parser.parse_args(arguments)
    become_application()
    # A page asks the same for people who see all and for people who see little: each needs a plan of its own.
    os.environ["VORONKA_DB_PREPARE"] = "never"
    server = Server(
        "voronka.cli.serve:application",
        factory=True,
        address=options.host,
        port=options.port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=options.workers,
        backlog=BACKLOG,
        backpressure=BACKPRESSURE,
        workers_kill_timeout=3,
        respawn_failed_workers=True,
        respawn_interval=0.5,
    )
    server.serve()
    return 0


def default_workers() -> int:
    """Two are enough for a hundred people; one core more or less belongs to PostgreSQL."""
    return int(os.environ.get("VORONKA_WEB_WORKERS") or min(2, os.cpu_count() or 1))


def application() -> object:
    """What granian loads in each of its processes; they must not outlive the one that owns the port."""
    die_with_parent(signal.SIGKILL, parent=os.getppid())()
    from voronka.asgi import application as asgi

    return asgi
