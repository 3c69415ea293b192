"""Names of companies without what is not the name: legal form, quotes, order of the two."""

import re

from ..layout import is_slip, other_layout
from .latin import skeleton

_FORMS = re.compile(
    r"общество с ограниченной ответственностью|индивидуальный предприниматель|(?:публичное |закрытое |открытое )?"
    r"акционерное общество|\b(?:ооо|оао|зао|пао|нао|ао|ип|чп|пк|нко|ано|фгуп|гуп|муп|тоо|одо|ooo|oao|zao|pao|llc|ltd|"
    r"inc|gmbh|corp|co|company|компания|фирма|тд|торговый дом|группа компаний|гк)\b\.?",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\W_]+")


def read(text: str) -> str:
    """Skeletons of the words of the name: ООО «Ромашка», «Ромашка, ооо» and Romashka LLC are «romashka»."""
    text = other_layout(text) if is_slip(text) else text
    words = _WORDS.findall(_FORMS.sub(" ", text)) or _WORDS.findall(text)
    return " ".join(skeleton(word) for word in words)
