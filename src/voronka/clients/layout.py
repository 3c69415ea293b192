"""Text typed in the other keyboard layout."""

import re

LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
CYRILLIC = "йцукенгшщзхъфывапролджэячсмитьбюё"
#: Keys that are letters in the other layout, where no sign stands in a word.
_KEYS = re.compile(r"(?:^|\s)[,;'\[.`][a-z]|[a-z][;\[\]`][a-z]", re.IGNORECASE)
_VOWELS = frozenset("aeiouyаеёиоуыэюя")
#: Share of vowels that no text has, and that nearly every one has.
_MUTE, _SPOKEN = 0.2, 0.3
_OTHER_LAYOUT = str.maketrans(LATIN + CYRILLIC, CYRILLIC + LATIN)


def other_layout(text: str) -> str:
    """The same keys in the other layout: «bdfyjd» → «иванов»."""
    return text.lower().translate(_OTHER_LAYOUT)


def is_slip(text: str) -> bool:
    """Whether it can't be said aloud as it stands, and can be in the other layout."""
    mute = bool(_KEYS.search(text)) or _vowels(text) < _MUTE
    return mute and _vowels(other_layout(text)) > _SPOKEN


def _vowels(text: str) -> float:
    """Share of vowels among the letters."""
    letters = [sign for sign in text.lower() if sign.isalpha()]
    return sum(sign in _VOWELS for sign in letters) / max(len(letters), 1)
