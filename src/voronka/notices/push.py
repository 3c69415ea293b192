"""Sending one push to one browser: RFC 8030 over pywebpush. Knows nothing of notices but what it is given."""

import hashlib
import json
import logging
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import requests
from pywebpush import WebPusher

from voronka.kernel import clock

from . import endpoints, keys
from .models import PushSubscription

log = logging.getLogger("voronka.notices")

#: What every push service takes: 4096 bytes of record less salt, sizes, sender's key, tag and delimiter.
LONGEST_PAYLOAD = 3993
LONGEST_TOPIC = 32
TIMEOUT_SECONDS = 10
LONGEST_PAUSE = 3600


class Refused(ValueError):
    """We would send what no push service takes."""


class Gone(Exception):
    """The browser no longer wants pushes: forget it."""


class TryLater(Exception):
    """The push service cannot now; `seconds` is what it asked for, if it did."""

    def __init__(self, seconds: int | None = None) -> None:
        super().__init__(f"again in {seconds} s" if seconds else "again later")
        self.seconds = seconds


@dataclass(frozen=True, kw_only=True)
class Message:
    """`topic` replaces an undelivered message of the same topic; `ttl` seconds the service keeps it."""

    payload: dict
    topic: str
    ttl: int
    urgency: str = "normal"

    def body(self) -> bytes:
        body = json.dumps(self.payload, ensure_ascii=False, separators=(",", ":")).encode()
        if len(body) > LONGEST_PAYLOAD:
            raise Refused(f"a push of {len(body)} bytes, {LONGEST_PAYLOAD} at most")
        return body

    def headers(self) -> dict[str, str]:
        if len(self.topic) > LONGEST_TOPIC or not self.topic.replace("-", "").replace("_", "").isalnum():
            raise Refused(f"a push topic of {len(self.topic)} signs, {LONGEST_TOPIC} of base64url at most")
        return {"TTL": str(self.ttl), "Urgency": self.urgency, "Topic": self.topic}


def topic_of(key: str) -> str:
    """A topic for any key of a notice: 32 signs, told from others."""
    return hashlib.sha256(key.encode()).hexdigest()[:LONGEST_TOPIC]


class _Session(requests.Session):
    """Follows no redirect: an allowed address must not hand us over to another one."""

    def request(self, *args, **kwargs):
        return super().request(*args, **{**kwargs, "allow_redirects": False})


def send(subscription: PushSubscription, message: Message) -> None:
    """Deliver to the push service. Raises Refused, Gone, TryLater; anything else it answers is logged and dropped."""
    if not endpoints.is_allowed(subscription.endpoint):
        raise Gone
    body, headers = message.body(), message.headers()
    headers["Authorization"] = keys.authorization(subscription.endpoint)
    headers["Content-Type"] = "application/octet-stream"
    info = {
        "endpoint": subscription.endpoint,
        "keys": {"p256dh": subscription.p256dh, "auth": subscription.auth},
    }
    with _Session() as session:
        try:
            pusher = WebPusher(info, requests_session=session)
            answer = pusher.send(body, headers, ttl=message.ttl, content_encoding="aes128gcm", timeout=TIMEOUT_SECONDS)
        except requests.RequestException as error:
            raise TryLater from error
    _judge(answer)


def _judge(answer: requests.Response) -> None:
    if answer.status_code in (404, 410):
        raise Gone
    if answer.status_code == 429:
        raise TryLater(_pause_of(answer.headers.get("Retry-After", "")))
    if answer.status_code >= 500:
        raise TryLater
    if not answer.ok or answer.is_redirect:
        log.error("A push service refused a message: %s %s", answer.status_code, answer.text[:200])


def _pause_of(header: str) -> int | None:
    """Retry-After is seconds or a date."""
    if header.isdigit():
        return min(int(header), LONGEST_PAUSE)
    try:
        moment = parsedate_to_datetime(header)
    except (TypeError, ValueError):
        return None
    return max(1, min(int((moment - clock.now()).total_seconds()), LONGEST_PAUSE))
