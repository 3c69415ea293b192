"""The installation's pair of keys for web push (VAPID, RFC 8292): made at first need, shared through the database."""

import base64
import hashlib
import logging
import threading
import time
from urllib.parse import urlsplit

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)
from django.conf import settings
from py_vapid import Vapid02

from voronka.kernel import clock
from voronka.staff.models import Person

from .models import ServerKey

log = logging.getLogger("voronka.notices")

#: How long a signed token is good, and until when it is reused. The standard allows a day.
TOKEN_SECONDS, REUSE_SECONDS = 12 * 3600, 6 * 3600

_tokens: dict[tuple[str, str, str], tuple[float, str]] = {}
_lock = threading.Lock()


def public_key() -> str:
    """What a browser subscribes with: base64url of the uncompressed point, without padding."""
    return _pair().public


def authorization(endpoint: str) -> str:
    """The header that proves to the push service of `endpoint` who sends. Signed once in six hours per origin."""
    parts = urlsplit(endpoint)
    origin = f"{parts.scheme}://{parts.netloc}"
    pair, contact = _pair(), _contact()
    slot = (pair.public, origin, contact)
    with _lock:
        made_at, header = _tokens.get(slot, (0.0, ""))
        if time.time() - made_at > REUSE_SECONDS:
            expires = int(time.time()) + TOKEN_SECONDS
            made_at, header = time.time(), _sign(pair, origin, contact, expires)
            _tokens[slot] = (made_at, header)
    return header


def rotate() -> str:
    """Change the keys: every subscription made with the old ones waits until its browser subscribes anew."""
    pair = _new_pair()
    ServerKey.objects.update_or_create(
        pk=1, defaults={"public": pair.public, "sealed": pair.sealed, "created_at": pair.created_at}
    )
    return pair.public


def _pair() -> ServerKey:
    pair = ServerKey.objects.filter(pk=1).first()
    if pair is None:
        # Two hosts may come here at once: the first row stays, both read it.
        ServerKey.objects.bulk_create([_new_pair()], ignore_conflicts=True)
        pair = ServerKey.objects.get(pk=1)
    if _unseal(pair) is None:
        log.warning("The push keys cannot be opened with this SECRET_KEY: new ones are made, browsers subscribe anew")
        rotate()
        pair = ServerKey.objects.get(pk=1)
    return pair


def _new_pair() -> ServerKey:
    key = ec.generate_private_key(ec.SECP256R1())
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return ServerKey(
        pk=1,
        public=base64.urlsafe_b64encode(point).rstrip(b"=").decode(),
        sealed=_seal().encrypt(private).decode(),
        created_at=clock.now(),
    )


def _seal() -> Fernet:
    digest = hashlib.sha256(f"voronka.notices.keys:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


def _unseal(pair: ServerKey) -> bytes | None:
    try:
        return _seal().decrypt(pair.sealed.encode())
    except InvalidToken:
        return None


def _sign(pair: ServerKey, origin: str, contact: str, expires: int) -> str:
    private = _unseal(pair)
    assert private is not None
    signer = Vapid02(load_der_private_key(private, password=None))
    return signer.sign({"aud": origin, "exp": expires, "sub": contact})["Authorization"]


def _contact() -> str:
    """Whom a push service may write to: our address, or somebody who manages people here (Apple wants a true one)."""
    if settings.BASE_URL.startswith("https://"):
        return settings.BASE_URL
    managers = Person.objects.filter(is_active=True, role__may__contains=["manage_people"]).order_by("id")
    email = managers.values_list("email", flat=True).first()
    return f"mailto:{email or 'postmaster@voronka.example'}"
