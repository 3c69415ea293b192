"""Deliveries posted to the door every site posts to: kept, answered, then settled as the worker does."""

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

from voronka.intake import acceptor
from voronka.intake.actions import settle_next
from voronka.intake.models import Entry, Source


class Door:
    """The acceptor in this process, for as long as the company is being built."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()

    def close(self) -> None:
        self._loop.run_until_complete(acceptor.shutdown())
        self._loop.close()

    def post_form(self, source: Source, fields: Mapping[str, str], *, address: str, page: str = "") -> Entry | None:
        body = urlencode(fields).encode()
        return self.post(source, body, "application/x-www-form-urlencoded; charset=utf-8", address=address, page=page)

    def post_json(self, source: Source, fields: Mapping[str, Any], *, address: str) -> Entry | None:
        return self.post(source, json.dumps(fields, ensure_ascii=False).encode(), "application/json", address=address)

    def post(self, source: Source, body: bytes, kind: str, *, address: str, page: str = "") -> Entry | None:
        """Post and settle; the entry that was waiting, None when the door took it as a repeat."""
        headers = [(b"content-type", kind.encode()), (b"user-agent", b"Mozilla/5.0"), (b"host", b"voronka.example")]
        if page:
            headers.append((b"referer", page.encode()))
        scope = {
            "type": "http",
            "method": "POST",
            "path": f"/in/{source.key}",
            "query_string": b"",
            "headers": headers,
            "client": (address, 0),
        }
        status = self._loop.run_until_complete(_exchange(scope, body))
        if status not in (200, 201, 422):
            raise RuntimeError(f"the door of «{source.title}» answered {status}")
        return settle_next()


async def _exchange(scope: dict, body: bytes) -> int:
    answer: list[dict] = []

    async def receive() -> dict:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        answer.append(message)

    with suppress(asyncio.CancelledError):
        await acceptor.application(scope, receive, send)
    return int(answer[0]["status"])
