"""An open board: hears of deals on the live stream and fetches their cards, as the page does."""

import asyncio
import contextlib
import json
import time

import httpx

from benches.harness import RunningVoronka
from benches.parts.company import Company

#: Of `frontend/src/board.js`.
GATHER_SECONDS = 0.12
TOGETHER = 60


class OpenBoard:
    """`cards`: deal id → when its card was on the board (clock of `time.perf_counter`)."""

    def __init__(self, system: RunningVoronka, company: Company) -> None:
        self.cards: dict[int, float] = {}
        self._client = httpx.AsyncClient(
            base_url=system.base_url, headers={"cookie": company.cookie}, timeout=30, trust_env=False
        )
        self._coming: list[int] = []
        self._arrival: asyncio.Task[None] | None = None
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
            await asyncio.gather(listening, *filter(None, [self._arrival]), return_exceptions=True)
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
            self._coming.append(message["deal"])
            self._arrival = self._arrival or asyncio.create_task(self._arrive())

    async def _arrive(self) -> None:
        """As `board.js` does: what came in a moment is fetched together, one request at a time."""
        while self._coming:
            await asyncio.sleep(GATHER_SECONDS)
            deals, self._coming = self._coming[:TOGETHER], self._coming[TOGETHER:]
            answer = await self._client.get("/board/tiles", params={"ids": ",".join(map(str, deals))})
            answer.raise_for_status()
            at = time.perf_counter()
            self.cards.update({deal: at for deal in deals if f'id="tile-{deal}"' in answer.text})
        self._arrival = None
