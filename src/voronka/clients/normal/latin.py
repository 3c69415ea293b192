"""One skeleton for a word in Cyrillic and in any of the Latin spellings of it: «Юлия», Yulia, Julia, Iuliia."""

import re
from functools import lru_cache

_TABLE = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "i",
        "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
        "х": "h", "ц": "c", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "iu",
        "я": "ia", "і": "i", "ї": "i", "є": "e", "ў": "u",
    }
)  # fmt: skip
#: What the Latin spellings differ in, read in this order.
_SAME = [
    (re.compile(pattern), plain)
    for pattern, plain in (
        ("[^a-z0-9]", ""),
        ("shch|sch|tsch", "sh"),
        ("kh", "h"),
        ("tch", "ch"),
        ("t[sz]", "c"),
        ("x", "ks"),
        ("ph", "f"),
        ("ou", "u"),
        ("w", "v"),
        ("[yj]", "i"),
        ("i[eo]", "e"),
        (r"(.)\1+", r"\1"),
    )
]


@lru_cache(maxsize=200_000)
def skeleton(text: str) -> str:
    """Small Latin letters and digits that are the same for every spelling of a word."""
    result = text.lower().translate(_TABLE)
    for pattern, plain in _SAME:
        result = pattern.sub(plain, result)
    return result
