"""Whether a caller changes what it has seen: `If-Match` with the ETag of the row (412), or `version` (409)."""

import hashlib
from typing import Any

from django.http import HttpRequest

from .problems import Changed


def version_of(*values: Any) -> str:
    """A version of a row that counts none itself: a digest of what can be changed."""
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16]


def check_version(request: HttpRequest, now: str, given: str | None) -> None:
    """Call it with the row locked. Who gives no version overwrites knowingly."""
    wanted = request.headers.get("If-Match", "").strip()
    if wanted and wanted != "*" and f'"{now}"' not in [mark.strip() for mark in wanted.split(",")]:
        raise Changed(412, now)
    if given is not None and given != now:
        raise Changed(409, now)
