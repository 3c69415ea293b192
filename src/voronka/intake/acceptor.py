"""`/in/<source-key>`: takes deliveries, keeps them, answers. A raw ASGI handler beside Django.

POST /in/<key>            a delivery: kept in the ledger before it is answered, understood later by the drain
OPTIONS /in/<key>         CORS, by the source's list of origins
GET /in/<key>/form.js     the snippet for a foreign page
GET /in/<key>/form        the form on a page of its own
A channel's connection has a door of its own, `channel_door`.
Keys, cookies and bodies are never logged.
"""

import asyncio
import json
import logging
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import psycopg
from django.utils.translation import gettext as _

from voronka.kernel import clock

from . import channel_door
from .bodies import BodyError
from .delivery import Delivery, clean, kept_headers
from .directory import Directory, KnownSource
from .limits import Buckets
from .pages import PAGE_HEADERS, form_page, sorry_page
from .profiles import PROFILES, Reply
from .profiles.form import is_navigation
from .snippet import snippet_script
from .wire import ClientLeft, Receive, Scope, Send, client_address, read_body, send_reply
from .writer import NotKept, Row, Writer

log = logging.getLogger("voronka.intake")

LARGEST_BODY = 2 * 1024 * 1024
KEPT_HEAD = 64 * 1024
KEPT_OF_LIMITED = 4 * 1024
RETRY_AFTER = "5"


class Acceptor:
    """The state of one web process: known sources, counters of limits, the writer."""

    def __init__(self) -> None:
        self.directory = Directory()
        self.buckets = Buckets()
        self.writer = Writer()

    async def stop(self) -> None:
        await self.writer.stop()
        await self.directory.stop()


_acceptors: dict[asyncio.AbstractEventLoop, Acceptor] = {}


async def startup() -> None:
    """Connects to nothing yet: a web process must start also while the base is away."""
    _of_this_loop()


async def shutdown() -> None:
    if acceptor := _acceptors.pop(asyncio.get_running_loop(), None):
        await acceptor.stop()


def _of_this_loop() -> Acceptor:
    loop = asyncio.get_running_loop()
    if loop not in _acceptors:
        _acceptors[loop] = Acceptor()
    return _acceptors[loop]


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """ASGI for everything under `/in/`."""
    key, _slash, rest = scope["path"].removeprefix("/in/").partition("/")
    acceptor = _of_this_loop()
    headers = kept_headers(scope["headers"])
    cors: dict[str, str] = {}
    try:
        source = await acceptor.directory.find(key)
        if source is not None and source.connection_id is not None:
            reply = await channel_door.accept(acceptor.writer, source, scope, receive)
        elif source is None or not PROFILES[source.profile].addressed:
            reply = Reply(status=404, body="not found")
        else:
            cors = _cors(source, headers.get("origin", ""))
            reply = await _route(acceptor, source, rest.strip("/"), scope, headers, receive)
    except (psycopg.Error, OSError, NotKept):
        reply = Reply(status=503, body="try again", headers={"retry-after": RETRY_AFTER})
    except ClientLeft:
        return
    await send_reply(send, reply, cors)


async def _route(
    acceptor: Acceptor, source: KnownSource, rest: str, scope: Scope, headers: dict[str, str], receive: Receive
) -> Reply:
    method = scope["method"]
    if not source.is_active:
        return Reply(status=410, body="gone")
    if rest == "" and method == "POST":
        return await _accept(acceptor, source, scope, headers, receive)
    if rest == "" and method == "OPTIONS":
        return _preflight(source, headers.get("origin", ""))
    if method in ("GET", "HEAD") and rest == "form.js":
        script = snippet_script(source)
        headers_ = {"cache-control": "public, max-age=300", "access-control-allow-origin": "*"}
        return Reply(body=script, content_type="text/javascript; charset=utf-8", headers=headers_)
    if method in ("GET", "HEAD") and rest == "form":
        page = form_page(source.title, source.key)
        return Reply(body=page, content_type="text/html; charset=utf-8", headers=PAGE_HEADERS)
    if rest == "":
        return Reply(status=405, body="POST", headers={"allow": "POST, OPTIONS"})
    return Reply(status=404, body="not found")


# -- a delivery -----------------------------------------------------------------------------


async def _accept(
    acceptor: Acceptor, source: KnownSource, scope: Scope, headers: dict[str, str], receive: Receive
) -> Reply:
    address = client_address(scope, headers)
    too_many = not (
        acceptor.buckets.take((source.id, address), source.per_address)
        and acceptor.buckets.take(source.id, source.per_source)
    )
    body, whole = await read_body(receive, KEPT_OF_LIMITED if too_many else LARGEST_BODY)
    delivery = Delivery(
        body=body,
        content_type=headers.get("content-type", ""),
        headers=headers,
        query=clean(scope.get("query_string", b"").decode("latin-1"))[:8000],
        received_at=clock.now(),
        remote_address=address,
    )
    if too_many:
        return await _reject(acceptor, source, delivery, _("limit"), Reply(status=429, headers={"retry-after": "60"}))
    if not whole:
        return await _reject(acceptor, source, delivery, _("larger than 2 MB"), Reply(status=413, body="too large"))
    profile = PROFILES[source.profile]
    delivery_key, refused = _look_at(profile, delivery, source)
    receipt = await acceptor.writer.keep(_row(source, delivery, delivery_key))
    if refused:
        return _refusal(profile, delivery, refused)
    return profile.answer(delivery, receipt)


def _look_at(profile: Any, delivery: Delivery, source: KnownSource) -> tuple[str | None, dict[str, str]]:
    """(key, refusal). A delivery that is refused carries no key, so that a corrected one is not its repeat."""
    try:
        refused = profile.refusal(delivery, source.mapping)
        if refused and not _trapped(delivery, source):
            return None, refused
        return profile.delivery_key(delivery), {}
    except BodyError:
        return None, {}
    except Exception:  # a fault of ours must not cost a client's inquiry: it is kept, the drain will tell
        log.exception("A delivery of source %s could not be looked at", source.id)
        return None, {}


def _trapped(delivery: Delivery, source: KnownSource) -> bool:
    """Whether it filled the honeypot; robots are told that all went well."""
    return bool(source.honeypot and delivery.decoded.values.get(source.honeypot))


def _refusal(profile: Any, delivery: Delivery, refused: Mapping[str, str]) -> Reply:
    if profile.key == "form" and is_navigation(delivery):
        page = sorry_page(list(refused.values()))
        return Reply(status=422, body=page, content_type="text/html; charset=utf-8")
    body = json.dumps({"ok": False, "errors": dict(refused)}, ensure_ascii=False)
    return Reply(status=422, body=body, content_type="application/json")


async def _reject(acceptor: Acceptor, source: KnownSource, delivery: Delivery, why: str, reply: Reply) -> Reply:
    """Accounted all the same, with the head of the body: nothing that came is unknown."""
    row = _row(source, delivery, None)
    row.body = row.body[: KEPT_HEAD if reply.status == 413 else KEPT_OF_LIMITED]
    row.account, row.reason, row.settled_at = "rejected", why, delivery.received_at
    await acceptor.writer.keep(row)
    return reply


def _row(source: KnownSource, delivery: Delivery, delivery_key: str | None) -> Row:
    return Row(
        source_id=source.id,
        received_at=delivery.received_at,
        remote_address=delivery.remote_address,
        headers=dict(delivery.headers),
        query=delivery.query,
        content_type=delivery.content_type,
        body=delivery.body,
        # Its own key makes also a nameless row safe to write again when a commit's outcome is unknown.
        delivery_key=delivery_key or f"once:{uuid4().hex}",
    )


# -- CORS ------------------------------------------------------------------------------------


def _cors(source: KnownSource, origin: str) -> dict[str, str]:
    if origin and ("*" in source.origins or origin in source.origins):
        return {"access-control-allow-origin": origin, "vary": "origin"}
    return {}


def _preflight(source: KnownSource, origin: str) -> Reply:
    if not _cors(source, origin):
        return Reply(status=403, body="origin")
    allowed = {
        "access-control-allow-methods": "POST",
        "access-control-allow-headers": "content-type, idempotency-key",
        "access-control-max-age": "86400",
    }
    return Reply(status=204, body="", headers=allowed)
