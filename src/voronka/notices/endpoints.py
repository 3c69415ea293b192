"""Which push addresses we are willing to call. They come from browsers, so from anybody: an address that is not
of a known push service would let a stranger make our server call inner machines.
"""

import base64
import binascii
import os
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from django.utils.translation import gettext as _

from voronka.kernel.errors import FieldErrors

KNOWN = ("fcm.googleapis.com", "updates.push.services.mozilla.com")
KNOWN_SUFFIXES = (".push.apple.com", ".notify.windows.com")
LONGEST = 2000


def extra_origins() -> frozenset[str]:
    """Origins the owner of the server trusts besides: VORONKA_PUSH_HOSTS, with commas, «https://push.company.com»."""
    named = os.environ.get("VORONKA_PUSH_HOSTS", "").split(",")
    return frozenset(origin.strip().rstrip("/").lower() for origin in named if origin.strip())


def is_allowed(endpoint: str) -> bool:
    """A known push service over https on its own port, or an origin the owner has named as it is."""
    if len(endpoint) > LONGEST or not endpoint.isascii() or not endpoint.isprintable() or " " in endpoint:
        return False
    try:
        parts = urlsplit(endpoint)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return False
    if parts.username is not None or parts.password is not None or "\\" in endpoint:
        return False
    if f"{parts.scheme}://{parts.netloc}".lower() in extra_origins():
        return True
    if parts.scheme != "https" or port not in (None, 443):
        return False
    return host in KNOWN or host.endswith(KNOWN_SUFFIXES)


def check(*, endpoint: str, p256dh: str, auth: str) -> None:
    """Raises FieldErrors when the subscription is not one that a browser makes with a known push service."""
    errors = {}
    if not is_allowed(endpoint):
        errors["endpoint"] = _("This push service is not known here.")
    if not _is_point(p256dh):
        errors["p256dh"] = _("This is not a key of a browser.")
    if len(_bytes(auth)) != 16:
        errors["auth"] = _("This is not a secret of a browser.")
    if errors:
        raise FieldErrors(errors)


def _is_point(text: str) -> bool:
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(text))
    except ValueError:
        return False
    return len(_bytes(text)) == 65


def _bytes(text: str) -> bytes:
    """base64url with or without its padding; nothing when it is something else."""
    if len(text) > 200 or not text.isascii():
        return b""
    try:
        return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
