"""The snippet for foreign pages: `assets/form.js` with the source's own words in it."""

import json
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

from .directory import KnownSource

_SCRIPT = Path(__file__).parent / "assets" / "form.js"


def snippet_script(source: KnownSource) -> str:
    """Plain JavaScript; the placeholder becomes one JSON object."""
    words = {
        "name": _("Your name"),
        "phone": _("Phone"),
        "comment": _("Message"),
        "send": _("Send"),
        "sending": _("Sending…"),
        "thanks": _("Thank you! We will call you back soon."),
        "away": _("No connection. We keep trying to send it."),
        "failed": _("It could not be sent. Please try again."),
    }
    settings = {"key": source.key, "honeypot": source.honeypot, "words": words}
    # Escaped, so that no title or word can end the script or break its line.
    text = json.dumps(settings).replace("<", "\\u003c")
    return _script().replace("__VORONKA__", text)


@cache
def _script() -> str:
    return _SCRIPT.read_text(encoding="utf-8")
