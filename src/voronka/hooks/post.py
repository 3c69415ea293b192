"""One POST to a checked address: no redirects, no proxies, a short answer, not much patience."""

import contextlib
import http.client
import socket
import ssl
from dataclasses import dataclass

from .addresses import Target, Unfit, target_of

TIMEOUT_SECONDS = 10
LONGEST_ANSWER = 500


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """`status` is None when nobody answered; `text` is what the receiver or the network said."""

    status: int | None
    text: str

    @property
    def is_delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def post(url: str, body: bytes, headers: dict[str, str]) -> Outcome:
    """Whatever goes wrong is an outcome."""
    try:
        with contextlib.closing(_connection(target := target_of(url))) as connection:
            connection.request("POST", target.path, body, {**headers, "Host": target.authority})
            answer = connection.getresponse()
            text = answer.read1(LONGEST_ANSWER).decode("utf-8", "replace").replace("\x00", "")
            return Outcome(status=answer.status, text=text)
    except Unfit as error:
        return Outcome(status=None, text=f"refused: {error}")
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Outcome(status=None, text=f"{type(error).__name__}: {error}".replace("\x00", "")[:LONGEST_ANSWER])


def _connection(target: Target) -> http.client.HTTPConnection:
    """Connected to the address that was checked, whatever the name says by now; the certificate is the name's."""
    plain = socket.create_connection((target.ip, target.port), TIMEOUT_SECONDS)
    connection = http.client.HTTPConnection(target.host, target.port, timeout=TIMEOUT_SECONDS)
    try:
        connection.sock = (
            ssl.create_default_context().wrap_socket(plain, server_hostname=target.host) if target.secure else plain
        )
    except BaseException:
        plain.close()
        raise
    return connection
