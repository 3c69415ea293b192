"""Jobs of bulk work. Each goes on where it stopped: a killed worker's job is simply run again."""

from procrastinate.contrib.django import app

from . import work

QUEUE = "bulk"


@app.task(name="bulk.run", queue=QUEUE)
def run(*, act: int) -> None:
    work.run(act)


@app.task(name="bulk.undo", queue=QUEUE)
def undo(*, act: int) -> None:
    work.undo(act)
