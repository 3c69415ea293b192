"""One port, one process: live updates and intake as raw ASGI, every page as Django's WSGI in threads."""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voronka.settings")

_pages = WSGIMiddleware(get_wsgi_application(), workers=16)  # type: ignore[arg-type]

from voronka.intake import acceptor  # noqa: E402  (needs the applications ready)
from voronka.web.live import live, make_hub  # noqa: E402

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_hub = make_hub()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Dispatch by path; anything but HTTP is refused."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] != "http":
        return
    elif scope["path"] == "/live":
        await live(_hub, scope, receive, send)
    elif scope["path"].startswith("/in/"):
        await acceptor.application(scope, receive, send)
    else:
        await _pages(scope, _as_coroutine(receive), send)  # type: ignore[arg-type]


def _as_coroutine(receive: Receive) -> Receive:
    """The server's own awaitable is no coroutine, and a2wsgi reads the body of a request only by one."""

    async def received() -> MutableMapping[str, Any]:
        return await receive()

    return received


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await acceptor.startup()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await _hub.stop()
            await acceptor.shutdown()
            await send({"type": "lifespan.shutdown.complete"})
            return
