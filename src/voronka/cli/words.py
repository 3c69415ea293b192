"""The console's own small catalogue: it speaks before Django and its translations are there."""

import os

_locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
SPEAKS_RUSSIAN = _locale.lower().startswith("ru") or _locale.split(".")[0] in ("", "C", "POSIX")

RUSSIAN = {
    "s": "с",
}


def _(english: str) -> str:
    """The sentence in the console's language; Russian unless the locale says otherwise."""
    return RUSSIAN.get(english, english) if SPEAKS_RUSSIAN else english
