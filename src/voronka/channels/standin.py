"""What stand-ins of outside systems have in common: real HTTP on loopback, and faults by order.

A stand-in speaks the real protocol and refuses what the real one refuses; `faults` are what happens to the next calls,
one each. They serve the contract suite and the sandbox.
"""

import json
import threading
from collections import deque
from email.message import Message as Mail
from email.parser import BytesParser
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


class Fault(StrEnum):
    """`busy`: not now. `refuse`: never. `away`: the line ends before anything is done. `lost`: it is done, and the line
    ends before the answer."""

    BUSY = "busy"
    REFUSE = "refuse"
    AWAY = "away"
    LOST = "lost"


class HangUp(Exception):
    """End the line without an answer."""


class Server:
    """One HTTP server in a thread; a subclass answers."""

    def __init__(self, port: int = 0) -> None:
        self.faults: deque[Fault] = deque()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "Server":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def respond(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, str, bytes]:
        """(status, content type, body). Raises HangUp."""
        raise NotImplementedError


def fields_of(path: str, headers: dict[str, str], body: bytes) -> dict[str, Any]:
    """What was given, by query, form, multipart (files as (name, bytes)) or JSON."""
    given: dict[str, Any] = dict(parse_qsl(urlsplit(path).query))
    kind = headers.get("content-type", "")
    if kind.startswith("application/json"):
        given |= json.loads(body or b"{}")
    elif kind.startswith("application/x-www-form-urlencoded"):
        given |= dict(parse_qsl(body.decode(), keep_blank_values=True))
    elif kind.startswith("multipart/form-data"):
        whole: Mail = BytesParser().parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
        for part in whole.get_payload():
            name = part.get_param("name", header="content-disposition")  # type: ignore[union-attr]
            content = part.get_payload(decode=True)  # type: ignore[union-attr]
            file = part.get_filename()  # type: ignore[union-attr]
            given[str(name)] = (file, content) if file else content.decode()  # type: ignore[union-attr]
    return given


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            try:
                status, kind, content = server.respond(self.command, self.path, headers, body)
            except HangUp:
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_DELETE = _answer

        def log_message(self, *arguments: object) -> None:
            return

    return Handler
