"""The parts of the card that live updates and edits ask for anew: name → template and facts."""

from collections.abc import Callable
from typing import Any

from . import card

PARTS: dict[str, tuple[str, Callable[..., dict[str, Any]]]] = {
    "head": ("clients/head.html", card.head),
    "people": ("clients/people.html", card.people),
    "details": ("clients/details.html", card.details),
    "work": ("clients/work.html", card.work),
    "story": ("clients/story.html", card.story),
}
