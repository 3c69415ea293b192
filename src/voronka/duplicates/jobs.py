"""Searches run in the worker, one after another; what is new is looked at every night."""

from procrastinate.contrib.django import app

from . import searching

QUEUE = "bulk"


@app.task(name="duplicates.run", queue=QUEUE)
def run(*, scan: int) -> None:
    searching.run(scan)


@app.task(name="duplicates.undo", queue=QUEUE)
def undo(*, scan: int) -> None:
    searching.undo(scan)


@app.periodic(cron="11 2 * * *")
@app.task(name="duplicates.nightly", queue=QUEUE)
def nightly(timestamp: int) -> None:
    searching.nightly()
