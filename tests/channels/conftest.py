"""The cast working by the quests preset, channels connected to their stand-ins, deliveries posted to the acceptor."""

import asyncio
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.db import connections
from django.utils.module_loading import import_string

from voronka import wiring
from voronka.channels.contract import Kit, Request
from voronka.channels.models import Connection
from voronka.conversations import jobs, sender
from voronka.conversations.models import Conversation, Message
from voronka.intake import acceptor
from voronka.intake.actions import add_connection, fill_connection, settle_next, switch_on
from voronka.intake.actions.settle_entry import Passing, note_attempt
from voronka.intake.models import Entry
from voronka.kernel import actor, clock
from voronka.presets import catalogue
from voronka.process.actions import activate
from voronka.testing.cast import Cast, hire_cast

SYSTEM = actor.system("test")
MEMORY = "voronka.channels.memory.Memory"


@dataclass
class Desk:
    """One connection at work, and what may happen to it."""

    cast: Cast
    kit: Kit
    connection: Connection

    def post(self, *requests: Request) -> list[int]:
        """All of them at once to our address; statuses of the answers."""
        return asyncio.run(_post(self.connection, requests))

    def drain(self) -> list[Entry]:
        """Settle what waits; what speaks of a message that has not come is passed by."""
        settled: list[Entry] = []
        resting: list[int] = []
        while True:
            try:
                entry = settle_next(resting=resting)
            except Passing as passing:
                note_attempt(passing.entry_id or 0, "passing", str(passing))
                resting.append(passing.entry_id or 0)
                continue
            if entry is None:
                return settled
            settled.append(entry)

    def told(self, *requests: Request) -> list[Entry]:
        assert set(self.post(*requests)) == {200}
        return self.drain()

    def send(self, *, later: float = 0) -> None:
        """The sender works, that many seconds later, until nothing more is due."""
        with clock.freeze(clock.now() + timedelta(seconds=later)):
            while claimed := sender.claim():
                for one in claimed:
                    sender.deliver(one)
                if not self.connection.channel.can.line_seconds:
                    continue
                later += self.connection.channel.can.line_seconds

    def said(self, line: str) -> list[Message]:
        """The thread of whoever writes by this line, in order."""
        found = Message.objects.filter(company__lines__address=line, company__lines__connection=self.connection)
        return list(found.exclude(way=Message.Way.WORD).order_by("at", "turn", "pk"))

    def row(self, line: str) -> Conversation:
        return Conversation.objects.get(company__lines__address=line, company__lines__connection=self.connection)

    def fetch_files(self) -> None:
        from voronka.conversations.models import Part

        for part in Part.objects.filter(attachment=None):
            jobs.fetch(part=part.pk)


async def _post(connection: Connection, requests: tuple[Request, ...]) -> list[int]:
    transport = httpx.ASGITransport(acceptor.application, client=("203.0.113.9", 40000))
    url = f"/in/{connection.source.key}"
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://crm.example") as client:
            sent = [client.post(url, content=one.body, headers=dict(one.headers)) for one in requests]
            return [answer.status_code for answer in await asyncio.gather(*sent)]
    finally:
        await acceptor.shutdown()


@pytest.fixture
def open_desk(transactional_db, settings, monkeypatch) -> Iterator[Any]:
    """`open_desk("telegram")`: that channel connected to its stand-in."""
    monkeypatch.setitem(wiring.CONVERSATION_CHANNELS, "memory", MEMORY)
    settings.BASE_URL = "https://crm.example"
    kits: list[Kit] = []

    def opened(key: str) -> Desk:
        kit: Kit = import_string(f"voronka.channels.{key}.kit.Kit")()
        for name, value in kit.environment.items():
            monkeypatch.setitem(os.environ, name, value)
        kits.append(kit.__enter__())
        cast = hire_cast()
        activate(catalogue.text("quests"), by=SYSTEM)
        made = add_connection(key, by=SYSTEM, brand=cast.brand, location=cast.location)
        fill_connection(made.pk, by=SYSTEM, values=kit.values)
        connection = switch_on(made.pk, by=SYSTEM)
        kit.connected(connection.address, connection.secrets["hook_secret"])
        return Desk(cast, kit, connection)

    yield opened
    for kit in kits:
        kit.__exit__(None, None, None)
    connections.close_all()
