"""A request as raw ASGI gives it: its body, whose it is, and its answer."""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

from django.conf import settings

from .profiles import Reply

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class ClientLeft(Exception):
    """The sender hung up before its body was whole: there is nobody to answer and nothing was acknowledged."""


async def read_body(receive: Receive, limit: int) -> tuple[bytes, bool]:
    """(body, whether it is whole). Reading stops soon after the limit."""
    chunks, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientLeft
        chunk = message.get("body", b"")
        chunks.append(chunk)
        size += len(chunk)
        if size > limit:
            return b"".join(chunks)[:limit], False
        if not message.get("more_body"):
            return b"".join(chunks), True


def client_address(scope: Scope, headers: Mapping[str, str]) -> str:
    """The peer; behind `VORONKA_TRUSTED_PROXIES` proxies, what the outermost of them saw."""
    peer = (scope.get("client") or ("", 0))[0] or ""
    proxies = settings.VORONKA_TRUSTED_PROXIES
    if proxies:
        hops = [hop.strip() for hop in headers.get("x-forwarded-for", "").split(",") if hop.strip()]
        if len(hops) >= proxies:
            return hops[-proxies][:64]
    return peer[:64]


async def send_reply(send: Send, reply: Reply, cors: Mapping[str, str]) -> None:
    body = reply.body.encode()
    headers = {
        "content-type": reply.content_type,
        "content-length": str(len(body)),
        "cache-control": "no-store",
        **cors,
        **reply.headers,
    }
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": reply.status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
