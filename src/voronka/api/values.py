"""Values of declared fields as callers send them: plain JSON, bounded, that the database can keep."""

from collections.abc import Iterable
from typing import Annotated, Any

from ninja import Field
from pydantic import AfterValidator

MOST_ITEMS = 200
LONGEST = 5000


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """Each value is a text, a number, yes or no, empty, or a list of such."""
    for key, value in values.items():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict | list) or not _is_kept(item):
                raise ValueError(f"{key}: a text, a number, true, false, null or a list of them is expected")
        if isinstance(value, list) and len(value) > MOST_ITEMS:
            raise ValueError(f"{key}: at most {MOST_ITEMS} values")
    if not all(_is_kept(key) for key in values):
        raise ValueError("a key is text")
    return values


def _is_kept(item: Any) -> bool:
    if isinstance(item, str):
        return "\x00" not in item and len(item) <= LONGEST and not any(_surrogates(item))
    return not isinstance(item, float) or abs(item) < 1e18


def _surrogates(text: str) -> Iterable[bool]:
    return ("\ud800" <= sign <= "\udfff" for sign in text)


Values = Annotated[dict[str, Any], Field(max_length=100), AfterValidator(plain)]
