"""Loops of the worker that look for what is due."""

import asyncio
from collections.abc import Callable

from asgiref.sync import sync_to_async
from django.db import close_old_connections


async def tick_until(stop: asyncio.Event, tick: Callable[[], int], *, seconds: float, batch: int) -> None:
    """Call `tick` again and again, on a connection that lives; it returns how many were found due. A full `batch` means
    that more is waiting: the next one follows at once, else after `seconds`."""
    while not stop.is_set():
        if await sync_to_async(_freshly)(tick) < batch:
            try:
                await asyncio.wait_for(stop.wait(), seconds)
            except TimeoutError:
                continue


def _freshly(tick: Callable[[], int]) -> int:
    close_old_connections()
    try:
        return tick()
    finally:
        close_old_connections()
