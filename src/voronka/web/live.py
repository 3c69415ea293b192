"""`/live`: server-sent events as a raw ASGI handler, so that an open page holds no thread."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

import psycopg
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.db import close_old_connections, connection
from django.http import HttpRequest

from voronka.kernel.live import Hub, Stream, announce
from voronka.staff.models import Person

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

#: A stream is asked who it is again after this time.
LIFETIME_SECONDS = 30 * 60
HEARTBEAT_SECONDS = 15
LONGEST_PAGE = 40
#: Parts of a page that follow a kind of event rather than one row: prefix of the kind → key in `data-live`.
_KEYS = (
    ("notice.", "notices:me"),
    ("task.", "tasks:me"),
    ("entry.", "ledger"),
    ("inquiry.", "ledger"),
    ("deal.created", "ledger"),
    ("message.", "inbox"),
    ("conversation.", "inbox"),
)
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


def make_hub() -> Hub:
    """A hub on the application's own database."""
    return Hub(psycopg.conninfo.make_conninfo(**_connection_parameters()))


async def live(hub: Hub, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one open page until it leaves. A stranger's EventSource stops at 401; HEAD asks only whether it would."""
    person = await asyncio.to_thread(_person, scope)
    if person is None or scope["method"] != "GET":
        await send({"type": "http.response.start", "status": 401 if person is None else 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": b"retry: 1000\n\n", "more_body": True})
    with hub.stream(person_id=person[0], reach=person[1], page=_page(scope)) as stream:
        gone = asyncio.create_task(_gone(receive, stream))
        try:
            await _pump(stream, send)
        finally:
            gone.cancel()
            if stream.said:
                await asyncio.to_thread(_farewell, list(stream.said.values()))
    await send({"type": "http.response.body", "body": b""})


async def _pump(stream: Stream, send: Send) -> None:
    loop = asyncio.get_running_loop()
    until = loop.time() + LIFETIME_SECONDS
    while loop.time() < until:
        try:
            message = await stream.next(HEARTBEAT_SECONDS)
        except TimeoutError:
            await send({"type": "http.response.body", "body": b"event: ping\ndata: 1\n\n", "more_body": True})
            continue
        if message is None:
            return
        await send({"type": "http.response.body", "body": _frame(message), "more_body": True})


async def _gone(receive: Receive, stream: Stream) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.close()


def _farewell(said: Sequence[Mapping[str, Any]]) -> None:
    """Whoever looked at a card on this page is not there any more: the leave-taking of a browser can get lost, the end
    of its line can't."""
    close_old_connections()
    try:
        for facts in said:
            announce({**facts, "gone": True, "hello": False}, audience=facts["audience"])
    finally:
        connection.close()


def _page(scope: Scope) -> str:
    """What the page calls itself."""
    return parse_qs(scope["query_string"].decode("latin-1")).get("page", [""])[0][:LONGEST_PAGE]


def _frame(message: Mapping[str, Any]) -> bytes:
    message = {**message, "keys": [key for prefix, key in _KEYS if message["kind"].startswith(prefix)]}
    number = f"id: {message['id']}\n" if "id" in message else ""
    return f"{number}data: {json.dumps(message, separators=(',', ':'))}\n\n".encode()


def _person(scope: Scope) -> tuple[int, frozenset[str]] | None:
    """Id and reach of whose session cookie this is. Runs in a thread: it asks the database."""
    close_old_connections()
    try:
        request = HttpRequest()
        request.session = SessionStore(_session_key(scope))
        user = get_user(request)
        if not isinstance(user, Person):
            return None
        return user.pk, user.reach | {f"p:{user.pk}"}
    finally:
        connection.close()


def _session_key(scope: Scope) -> str | None:
    cookies: SimpleCookie = SimpleCookie()
    for name, value in scope["headers"]:
        if name == b"cookie":
            try:
                cookies.load(value.decode("latin-1"))
            except CookieError:
                return None
    morsel = cookies.get(settings.SESSION_COOKIE_NAME)
    return morsel.value if morsel else None


def _connection_parameters() -> dict[str, Any]:
    parameters = connection.get_connection_params()
    known = ("dbname", "user", "password", "host", "port", "options", "sslmode")
    return {key: parameters[key] for key in known if parameters.get(key) not in (None, "")}
