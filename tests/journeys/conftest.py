"""Two kinds of stories. Of a preset: its company is founded once a module and stands anew before each test. Of the
intake: the cast works by the quests preset, deliveries are posted to the acceptor, the drain is run by hand.
"""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

import httpx
import pytest
from django.db import connections, transaction

from voronka.intake import acceptor
from voronka.intake.actions import register_source, settle_next
from voronka.intake.models import Entry, Source
from voronka.kernel import actor
from voronka.kernel import clock as kernel_clock
from voronka.presets import catalogue
from voronka.process.actions import activate
from voronka.testing.plugin import SOME_THURSDAY, empty_base

from .steps import Story, founded

SYSTEM = actor.system("test")


@pytest.fixture(scope="module")
def standing(request, django_db_setup, django_db_blocker) -> Iterator[Story]:
    """The company of the module's PRESET; what a test does to it is rolled back to here."""
    with django_db_blocker.unblock(), transaction.atomic():
        empty_base()
        with kernel_clock.freeze(SOME_THURSDAY):
            story = founded(request.module.PRESET)
        yield story
        transaction.set_rollback(True)


@pytest.fixture
def story(standing, db, clock) -> Story:
    """It, on Thursday noon."""
    return standing.on(clock)


@pytest.fixture
def committed(transactional_db):
    """Rows are committed, as the acceptor and threads have connections of their own, which are closed afterwards."""
    yield
    connections.close_all()


@pytest.fixture
def quests(committed):
    """The cast working by the quests preset."""
    from voronka.testing.cast import hire_cast

    cast = hire_cast()
    activate(catalogue.text("quests"), by=SYSTEM)
    return cast


@pytest.fixture
def source(quests):
    """Make a source: `source("tilda", …)`."""

    def make(profile: str = "json", **given) -> Source:
        given = {"title": f"Источник {profile}", "brand": quests.brand, "per_address": 1000, **given}
        return register_source(by=SYSTEM, profile=profile, **given)

    return make


@dataclass(frozen=True)
class Post:
    """One delivery: to the source's address, with a body and headers."""

    source: Source
    body: bytes | str = b""
    content_type: str = "application/x-www-form-urlencoded"
    headers: tuple[tuple[str, str], ...] = ()
    query: str = ""
    method: str = "POST"
    path: str = ""
    peer: str = "203.0.113.9"


def form(source: Source, fields, **given) -> Post:
    return Post(source, urlencode(fields, doseq=True), **given)


@pytest.fixture
def deliver(committed) -> Callable:
    """`deliver(post, …)`: all of them at once over ASGI; their answers in order."""
    return lambda *posts: asyncio.run(_deliver(posts))


async def _deliver(posts: tuple[Post, ...]) -> list[httpx.Response]:
    try:
        return await asyncio.gather(*map(_post, posts))
    finally:
        await acceptor.shutdown()


async def _post(post: Post) -> httpx.Response:
    transport = httpx.ASGITransport(acceptor.application, client=(post.peer, 40000))
    async with httpx.AsyncClient(transport=transport, base_url="http://crm.example") as client:
        body = post.body.encode() if isinstance(post.body, str) else post.body
        url = f"/in/{post.source.key}{post.path}" + (f"?{post.query}" if post.query else "")
        headers = {"content-type": post.content_type, **dict(post.headers)}
        return await client.request(post.method, url, content=body, headers=headers)


@pytest.fixture
def drain(committed):
    """Settle everything that waits; returns the entries in order of settling."""

    def run() -> list[Entry]:
        settled = []
        while entry := settle_next():
            settled.append(entry)
        return settled

    return run
