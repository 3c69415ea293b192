"""What pydantic and the checks say, beside the inputs they are about."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import SimpleLazyObject
from pydantic import BaseModel, TypeAdapter, ValidationError

from voronka.hooks.queries import at_work
from voronka.messages.queries import set_up
from voronka.process import checks, document, screen_fields
from voronka.process.document import Mistake
from voronka.process.models import Version
from voronka.staff.models import Person


def errors_of(part: Any, data: Mapping[str, Any]) -> dict[str, str]:
    """Key → sentence for what can't be a `part`; nothing when it can."""
    try:
        TypeAdapter(part).validate_python(data)
    except ValidationError as error:
        return {_key(problem["loc"], part): document.words(problem) for problem in error.errors()}
    return {}


def _key(location: Iterable[Any], part: Any) -> str:
    names = {info.alias or name for name, info in part.model_fields.items()} if _is_model(part) else None
    for one in location:
        if isinstance(one, str) and (names is None or one in names):
            return one
    return ""


def _is_model(part: Any) -> bool:
    return isinstance(part, type) and issubclass(part, BaseModel)


def company() -> checks.Company:
    """What the checks ask of the company. One query, another one when a rule names a webhook."""
    manned = Person.objects.filter(is_active=True).values_list("role__key", flat=True).distinct()
    hooks = SimpleLazyObject(lambda: frozenset(at_work()))
    return checks.Company(manned=frozenset(manned), channels=frozenset(set_up()), hooks=hooks)


def found_in(text: str) -> list[Mistake]:
    """All that the checks find, those of the company too."""
    with screen_fields.known():
        return document.review(text, company())


def news(text: str, version: Version | None) -> list[Mistake]:
    """What the checks find in a draft and did not in the process in force, wherever it stands now."""
    known = Counter(one.text for one in found_in(version.document)) if version else Counter[str]()
    fresh = []
    for one in found_in(text):
        known[one.text] -= 1
        if known[one.text] < 0:
            fresh.append(one)
    return fresh
