"""The drain as the worker runs it: woken by the ledger itself, safe in many copies, stopped when asked."""

import asyncio
import time

import pytest
from django.db import OperationalError, connections

from voronka.deals.models import Deal
from voronka.intake import drain as drain_module
from voronka.intake.actions import settle_entry
from voronka.intake.models import Attempt, Entry
from voronka.kernel import clock

from .conftest import form


def enter(site, count: int) -> None:
    Entry.objects.bulk_create(
        [
            Entry(
                source=site,
                received_at=clock.now(),
                content_type="application/x-www-form-urlencoded",
                body=f"Phone=8921{number:07d}".encode(),
                delivery_key=f"k{number}",
            )
            for number in range(count)
        ]
    )


def run_drains(until, *, copies: int = 1, act=lambda: None, seconds: float = 60) -> float:
    """Run the loops until `until()` is true; returns how long it took."""

    async def story() -> float:
        stop = asyncio.Event()
        loops = [asyncio.create_task(drain_module.run(stop)) for _ in range(copies)]
        await asyncio.sleep(0.3)
        began = time.monotonic()
        await asyncio.to_thread(act)
        while not await asyncio.to_thread(until):
            assert time.monotonic() - began < seconds
            await asyncio.sleep(0.02)
        took = time.monotonic() - began
        stop.set()
        await asyncio.gather(*loops)
        return took

    def closing(function):
        try:
            return function()
        finally:
            connections.close_all()

    check, original = until, act
    until, act = (lambda: closing(check)), (lambda: closing(original))
    return asyncio.run(story())


def nothing_waits() -> bool:
    return not Entry.objects.filter(account="waiting").exists()


def test_an_entry_wakes_it_sooner_than_the_poll(source, monkeypatch):
    monkeypatch.setattr(drain_module, "POLL_SECONDS", 30.0)
    site = source("tilda")
    took = run_drains(lambda: Deal.objects.exists(), act=lambda: enter(site, 1))

    assert took < 10


def test_several_copies_settle_each_entry_once(source):
    site = source("tilda")
    enter(site, 40)
    run_drains(nothing_waits, copies=3)

    assert Deal.objects.count() == 40
    assert set(Entry.objects.values_list("account", flat=True)) == {"deal"}


@pytest.mark.parametrize("recovers", [True, False])
def test_a_passing_error_is_tried_again_and_not_for_ever(source, deliver, monkeypatch, recovers):
    site = source("tilda")
    monkeypatch.setattr(drain_module, "REST_SECONDS", 0.05)
    monkeypatch.setattr(drain_module, "POLL_SECONDS", 0.05)
    deliver(form(site, {"Phone": "89213384017", "tranid": "1"}), form(site, {"Phone": "89213384018", "tranid": "2"}))
    troubled = Entry.objects.order_by("pk").first().pk
    place, troubles = settle_entry.place_inquiry, []

    def deadlock(entry, *rest, **more):
        if entry.pk == troubled and not (recovers and len(troubles) >= 2):
            troubles.append(entry.pk)
            raise OperationalError("deadlock detected")
        place(entry, *rest, **more)

    monkeypatch.setattr(settle_entry, "place_inquiry", deadlock)
    run_drains(nothing_waits)

    accounts = list(Entry.objects.order_by("pk").values_list("account", flat=True))
    assert accounts == ["deal" if recovers else "failed", "deal"], Entry.objects.values_list("pk", "reason")
    tries = Attempt.objects.filter(entry=troubled, outcome="passing").count()
    # All threads may try at once when its rest is over, so each but one may make it one more.
    assert 0 <= tries - (2 if recovers else drain_module.MOST_TRIES) < drain_module.THREADS
