"""`voronka worker`: runs the queued jobs and the background loops."""

import argparse

from voronka.cli.environment import become_application
from voronka.cli.words import _


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="voronka worker", description=_("the job worker alone"))
    parser.add_argument("--concurrency", type=int, default=4)
    options = parser.parse_args(arguments)
    become_application()
    from voronka.worker import run

    return run(concurrency=options.concurrency)
