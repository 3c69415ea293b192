"""A push service and a browser in one, on loopback: it checks what a real one would and decrypts what it was sent.

with PushService() as service:
    browser = service.browser()          # endpoint, p256dh, auth as a page would send them
    …
    service.told[0].payload["title"]
    service.script = [429, 201]          # what to answer next, then 201 for ever
"""

import base64
import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import http_ece
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

LARGEST_BODY = 4096
A_DAY = 24 * 3600


def unpadded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def padded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Browser:
    """One subscription: what the page sends, and the keys that stay in the browser."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    secret: bytes = b"sixteen bytes ok"

    @property
    def fields(self) -> dict[str, str]:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"endpoint": self.endpoint, "p256dh": unpadded(point), "auth": unpadded(self.secret)}


@dataclass
class Push:
    """One message as it arrived."""

    path: str
    headers: dict[str, str]
    payload: dict
    claims: dict
    at: float


class PushService:
    """Answers as `script` says, 201 when it is empty; a fault of the sender is answered 4xx and kept in `faults`."""

    def __init__(self) -> None:
        self.told: list[Push] = []
        self.script: list[int] = []
        self.retry_after = ""
        self.redirect_to = ""
        self.asked = 0
        self.faults: list[str] = []
        self._browsers: dict[str, Browser] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())

    def __enter__(self) -> "PushService":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_exc) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def browser(self) -> Browser:
        path = f"/wpush/v2/{len(self._browsers)}-{time.time_ns()}"
        self._browsers[path] = Browser(f"{self.origin}{path}")
        return self._browsers[path]

    @property
    def waiting(self) -> list[Push]:
        """What a sleeping device would find: the last message of every topic."""
        return list({(push.path, push.headers.get("topic", str(push.at))): push for push in self.told}.values())

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                status = service._receive(self.path, {k.lower(): v for k, v in self.headers.items()}, self._body())
                self.send_response(status)
                if status == 201:
                    self.send_header("Location", f"{service.origin}/message/{service.asked}")
                if status == 429 and service.retry_after:
                    self.send_header("Retry-After", service.retry_after)
                if status == 307:
                    self.send_header("Location", service.redirect_to)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def _body(self) -> bytes:
                return self.rfile.read(int(self.headers.get("Content-Length", 0)))

            def log_message(self, *_args) -> None:
                """Quiet."""

        return Handler

    def _receive(self, path: str, headers: dict[str, str], body: bytes) -> int:
        self.asked += 1
        if self.script and (status := self.script.pop(0)) != 201:
            return status
        browser = self._browsers.get(path)
        if browser is None:
            return 404
        if len(body) > LARGEST_BODY:
            return self._fault(413, "the body is too large")
        try:
            claims = self._verify(headers)
            payload = http_ece.decrypt(body, private_key=browser.key, auth_secret=browser.secret)
        except (AssertionError, InvalidSignature, http_ece.ECEException, ValueError, KeyError) as error:
            return self._fault(400, repr(error))
        self.told.append(Push(path, headers, json.loads(payload), claims, time.time()))
        return 201

    def _verify(self, headers: dict[str, str]) -> dict:
        """RFC 8030 and 8292: the headers, the signature and the claims."""
        assert headers["ttl"].isdigit(), "TTL"
        assert headers["content-encoding"] == "aes128gcm", "Content-Encoding"
        assert len(headers.get("topic", "")) <= 32, "Topic"
        scheme, _space, rest = headers["authorization"].partition(" ")
        assert scheme == "vapid", "scheme"
        parts = dict(part.strip().split("=", 1) for part in rest.split(","))
        signed, _dot, signature = parts["t"].rpartition(".")
        raw = padded(signature)
        assert len(raw) == 64, "signature is raw r and s"
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), padded(parts["k"]))
        whole = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
        point.verify(whole, signed.encode(), ec.ECDSA(hashes.SHA256()))
        head, claims = (json.loads(padded(part)) for part in signed.split("."))
        assert head == {"typ": "JWT", "alg": "ES256"}, "JWT header"
        assert claims["aud"] == self.origin, "aud"
        assert time.time() < claims["exp"] <= time.time() + A_DAY, "exp"
        assert claims["sub"].startswith(("mailto:", "https:")), "sub"
        return claims

    def _fault(self, status: int, why: str) -> int:
        self.faults.append(why)
        return status
