"""A delivery as it came over the wire, before anybody understood it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from .bodies import Decoded, decode

#: Headers whose values are nobody's business; names are kept so that one sees they were there.
_SECRET = ("cookie", "auth", "token", "secret", "api-key", "apikey", "session", "signature")
_LONGEST_HEADER = 1000
_MOST_HEADERS = 60


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """`headers` have lower-case names; `query` is the raw query string without «?»."""

    body: bytes
    content_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    received_at: datetime
    remote_address: str = ""

    @cached_property
    def decoded(self) -> Decoded:
        """Fields and files. Raises `BodyError`; nothing else whatever the bytes are."""
        return decode(self.content_type, self.body, self.query)


def kept_headers(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers for the ledger: lower-case names, values of secret ones struck out, sizes bounded."""
    kept: dict[str, str] = {}
    for name, value in raw:
        key = clean(name.decode("latin-1").lower())
        secret = any(word in key for word in _SECRET)
        kept[key] = "…" if secret else clean(value.decode("latin-1"))[:_LONGEST_HEADER]
        if len(kept) >= _MOST_HEADERS:
            break
    return kept


def clean(text: str) -> str:
    """Text that PostgreSQL can keep: no NUL, no lone surrogates."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    return text.encode("utf-8", "replace").decode("utf-8")
