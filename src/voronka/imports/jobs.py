"""Jobs of imports. Each goes on where it stopped: a killed worker's job is simply run again."""

import logging
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from procrastinate.contrib.django import app

from . import undo as undoing
from . import work
from .models import Import

log = logging.getLogger("voronka.imports")

QUEUE = "bulk"


@app.task(name="imports.read", queue=QUEUE)
def read(*, pk: int) -> None:
    _do(work.read, pk, Import.State.FAILED)


@app.task(name="imports.check", queue=QUEUE)
def check(*, pk: int) -> None:
    _do(work.check, pk, Import.State.FAILED)


@app.task(name="imports.run", queue=QUEUE)
def run(*, pk: int) -> None:
    _do(work.run, pk, Import.State.PAUSED)


@app.task(name="imports.undo", queue=QUEUE)
def undo(*, pk: int) -> None:
    _do(undoing.undo, pk, Import.State.DONE)


def _do(act: Callable[[int], None], pk: int, otherwise: str) -> None:
    """A mistake of ours stops the import where it is and is told on its page, from where it can be gone on with."""
    try:
        act(pk)
    except (OperationalError, InterfaceError):
        raise  # the base, not the import: the job is run again
    except Exception as error:
        log.exception("The import %s has stopped", pk)
        Import.objects.filter(pk=pk).update(state=otherwise, error=f"{type(error).__name__}: {error}"[:500])
