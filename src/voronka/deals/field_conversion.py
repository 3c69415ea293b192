"""What becomes of values when the type of a field changes: those that fit are converted, the rest stay as they were.

Pure: facts in, decision out.
"""

from collections.abc import Callable, Sequence
from typing import Any

from .field_types import CHOICES, ROWS
from .fields import FieldSpec, as_written, fits, is_empty, parse

_TEXTS = ("text", "long_text")
_OTHERS = ("number", "money", "date", "time", "datetime", "yes_no", *CHOICES, "link", "phone", "email")
#: Words of a yes and a no: of other words nobody can tell which they are.
_WORDS = {"да": True, "yes": True, "true": True, "1": True, "нет": False, "no": False, "false": False, "0": False}

Names = Callable[[int], str | None]


def types_after(kind: str) -> Sequence[str]:
    """What a field of this type may become. A row's id means nothing to another type, its name does to a text; a file
    is no word of any."""
    if kind == "file":
        return (kind,)
    return (kind, *_TEXTS) if kind in ROWS else (*_TEXTS, *_OTHERS)


def converted(old: FieldSpec, new: FieldSpec, value: Any, *, names: Names) -> Any:
    """The value in the new type; None when it does not fit. `names`: of a row by its id."""
    if is_empty(value):
        return None
    written = as_written(old, value)
    if new.type == "yes_no":
        return _WORDS.get(written.casefold())
    if fits(old, value):
        if old.type in ROWS:
            return names(value)
        if old.type == "datetime" and new.type in ("date", "time"):
            return value[:10] if new.type == "date" else value[11:]
    try:
        return parse(new, [old.option_title(one) for one in value] if isinstance(value, list) else written)
    except ValueError:
        return None
