"""Keys of fields and choices made on screen: the title in Latin letters, unlike every key that is taken."""

import re
from collections.abc import Container

_LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        [
            "a", "b", "v", "g", "d", "e", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u",
            "f", "kh", "ts", "ch", "sh", "sch", "", "y", "", "e", "yu", "ya",
        ],
        strict=True,
    )
)  # fmt: skip
_LONGEST = 40


def key_for(title: str, taken: Container[str], *, otherwise: str) -> str:
    """«Повод праздника» → `povod_prazdnika`; `otherwise` when the title has no letters to make a key of."""
    latin = "".join(_LATIN.get(letter, letter) for letter in title.lower())
    stem = re.sub(r"[^a-z0-9]+", "_", latin)[:_LONGEST].strip("_")
    stem = stem if stem[:1].isalpha() else f"{otherwise}_{stem}".strip("_")
    key, number = stem, 1
    while key in taken:
        number += 1
        key = f"{stem}_{number}"
    return key
