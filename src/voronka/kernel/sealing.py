"""Secrets in the database: readable only with the SECRET_KEY, so that a copy of the base alone opens nothing."""

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def seal(secrets: Mapping[str, str], *, purpose: str) -> str:
    """Opened again only for the same `purpose`."""
    return _box(purpose).encrypt(json.dumps(dict(secrets)).encode()).decode() if secrets else ""


def unseal(sealed: str, *, purpose: str) -> dict[str, str]:
    """Empty when there is nothing, or another SECRET_KEY has sealed it."""
    try:
        return json.loads(_box(purpose).decrypt(sealed.encode())) if sealed else {}
    except InvalidToken:
        return {}


def _box(purpose: str) -> Fernet:
    digest = hashlib.sha256(f"{purpose}:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(urlsafe_b64encode(digest))
