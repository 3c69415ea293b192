"""Texts with `{Field}`, filled from a card. How values read, the screens know: the wiring names who is asked."""

import re
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from voronka.kernel.actor import Actor

from .models import Deal

PLACE = re.compile(r"\{([^{}\n]{1,80})\}")


class Filling(Protocol):
    """As one person sees the cards; what many cards share is read once."""

    def knows(self, name: str) -> bool:
        """Whether a card can say it."""

    def fill(self, text: str, deal: Deal) -> str:
        """Each known `{Name}` becomes what this card says. What it does not say stays as it is written."""


def filling(by: Actor) -> Filling:
    return import_string(import_string(settings.VORONKA_FILLING))(by)


def holes(text: str, *, by: Actor) -> list[str]:
    """What is left to fill in."""
    known = filling(by)
    return list(dict.fromkeys(found[0] for found in PLACE.finditer(text) if known.knows(found[1])))


def unknown(text: str, *, by: Actor) -> list[str]:
    """What no card can fill in."""
    known = filling(by)
    return list(dict.fromkeys(found[0] for found in PLACE.finditer(text) if not known.knows(found[1])))
