"""The text of a note as it is read."""

import re
from collections.abc import Iterable

from markupsafe import Markup


def with_names(text: str, names: Iterable[str]) -> Markup:
    """The text, escaped, with «@name» of colleagues marked; the longest name first, each place once."""
    known = sorted((re.escape(f"@{name}") for name in names if name), key=len, reverse=True)
    if "@" not in text or not known:
        return Markup.escape(text)
    parts = re.split(f"({'|'.join(known)})", text)
    return Markup("").join(
        Markup('<span class="v-at">{}</span>').format(part) if at % 2 else Markup.escape(part)
        for at, part in enumerate(parts)
    )
