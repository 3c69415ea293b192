"""An open board: hears of deals on the live stream and fetches each card, as the page does."""

import asyncio
import contextlib
import json
import time

import httpx

from benches.harness import RunningVoronka
from benches.parts.company import Company


class OpenBoard:
    """`cards`: deal id → when its card was on the board (clock of `time.perf_counter`)."""

    def __init__(self, system: RunningVoronka, company: Company) -> None:
        self.cards: dict[int, float] = {}
        self.statuses: set[int] = set()
        self._client = httpx.AsyncClient(
            base_url=system.base_url, headers={"cookie": company.cookie}, timeout=30, trust_env=False
        )
        self._fetches: set[asyncio.Task[None]] = set()
        self._open = asyncio.Event()

    @contextlib.asynccontextmanager
    async def opened(self):
        """Listen for the time of the block."""
        listening = asyncio.create_task(self._listen())
        opening = asyncio.create_task(self._open.wait())
        await asyncio.wait({listening, opening}, timeout=10, return_when=asyncio.FIRST_COMPLETED)
        if listening.done():
            listening.result()
        # The hub of that web process connects to the base for its first stream.
        await asyncio.sleep(0.5)
        try:
            yield self
        finally:
            listening.cancel()
            await asyncio.gather(listening, *self._fetches, return_exceptions=True)
            await self._client.aclose()

    async def _listen(self) -> None:
        async with self._client.stream("GET", "/live") as answer:
            if answer.status_code != 200:
                raise RuntimeError(f"/live answered {answer.status_code}: the session is not known there")
            self._open.set()
            async for line in answer.aiter_lines():
                if line.startswith("data: {"):
                    self._hear(json.loads(line[6:]))

    def _hear(self, message: dict) -> None:
        if message.get("kind") == "deal.created":
            fetch = asyncio.create_task(self._fetch(message["deal"]))
            self._fetches.add(fetch)
            fetch.add_done_callback(self._fetches.discard)

    async def _fetch(self, deal: int) -> None:
        answer = await self._client.get(f"/deals/{deal}/tile")
        self.statuses.add(answer.status_code)
        if answer.status_code == 200:
            self.cards[deal] = time.perf_counter()
