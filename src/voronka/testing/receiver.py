"""Another company's system on loopback: it takes webhooks, checks their signature and answers as it is told.

with Receiver() as receiver:
    receiver.url                         # http://127.0.0.1:…/hook; to be named in VORONKA_HOOK_HOSTS
    …
    receiver.told[0].body["kind"]
    receiver.script = [500, 200]         # what to answer next, then 200 for ever
"""

import hashlib
import hmac
import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Told:
    body: dict[str, Any]
    headers: dict[str, str]
    raw: bytes

    def is_signed_with(self, secret: str) -> bool:
        """As a receiver would write it from our page on webhooks."""
        said = self.headers["Voronka-Timestamp"].encode() + b"." + self.raw
        expected = "sha256=" + hmac.new(secret.encode(), said, hashlib.sha256).hexdigest()
        return hmac.compare_digest(expected, self.headers["Voronka-Signature"])


class Receiver:
    def __init__(self) -> None:
        self.told: list[Told] = []
        self.script: list[int] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def url(self) -> str:
        return f"{self.origin}/hook"

    def __enter__(self) -> "Receiver":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.told.append(Told(json.loads(raw), dict(self.headers), raw))
                status = receiver.script.pop(0) if receiver.script else 200
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", receiver.origin + "/elsewhere")
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, *arguments: object) -> None:
                return

        return Handler
