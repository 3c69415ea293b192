"""Which addresses we are willing to call. A person types them, so they may point at machines inside: the name is
resolved and checked when it is written and again at each delivery, which then goes to the very address checked.
"""

import ipaddress
import os
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

LONGEST = 2000


class Unfit(ValueError):
    """Not an address that we call; the text says why, for the log."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where a delivery goes: `ip` is what `host` was resolved to and checked."""

    secure: bool
    host: str
    port: int
    ip: str
    path: str
    authority: str


def trusted_origins() -> frozenset[str]:
    """Origins inside that the owner of the server allows: VORONKA_HOOK_HOSTS, with commas, «http://10.0.0.5:8080»."""
    named = os.environ.get("VORONKA_HOOK_HOSTS", "").split(",")
    return frozenset(origin.strip().rstrip("/").lower() for origin in named if origin.strip())


def target_of(url: str) -> Target:
    """Resolve and check. Raises Unfit for what is never called, OSError when the name isn't found now."""
    if len(url) > LONGEST or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise Unfit("not an address")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise Unfit("not an address") from error
    if parts.username is not None or parts.password is not None or not host or port == 0:
        raise Unfit("not an address")
    trusted = f"{parts.scheme}://{parts.netloc}".lower() in trusted_origins()
    if parts.scheme != "https" and not (trusted and parts.scheme == "http"):
        raise Unfit("not https")
    secure = parts.scheme == "https"
    port = port or (443 if secure else 80)
    return Target(
        secure=secure,
        host=host,
        port=port,
        ip=_address(host, port, trusted=trusted),
        path=(parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
        authority=parts.netloc,
    )


def _address(host: str, port: int, *, trusted: bool) -> str:
    """The first address of the host, if every one of them is in the open net."""
    try:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except UnicodeError as error:
        raise Unfit("not a host") from error
    if not trusted and any(_is_inside(ip) for ip in found):
        raise Unfit("an address inside")
    return found[0]


def _is_inside(text: str) -> bool:
    ip = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        embedded = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None) or _nat64(ip)
        if embedded:
            return not embedded.is_global
    return not ip.is_global or ip.is_multicast


def _nat64(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    inside = ip in ipaddress.ip_network("64:ff9b::/96")
    return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if inside else None
