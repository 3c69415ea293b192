"""How a receiver knows that it is us: `Voronka-Signature: sha256=` HMAC-SHA256 of «timestamp.body» in hex."""

import base64
import hashlib
import hmac

from django.conf import settings

from .models import Hook

PREFIX = "whk_"


def secret_of(hook: Hook) -> str:
    digest = hmac.digest(settings.SECRET_KEY.encode(), f"voronka.hooks:{hook.salt}".encode(), "sha256")
    return PREFIX + base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def signature(secret: str, timestamp: str, body: bytes) -> str:
    return "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
