"""What a document declares, by kind and key: for checks of references and for sentences."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from .values import PLACEHOLDER

StrOrPromise = str | Promise


@dataclass(frozen=True)
class Outline:
    """`titles[kind][key]`; kinds are those of `process.values`."""

    titles: Mapping[str, Mapping[str, StrOrPromise]]

    def knows(self, kind: str, key: str) -> bool:
        return key in self.titles.get(kind, {})

    def title(self, kind: str, key: str) -> str:
        """The title people see; the key itself when there is none."""
        return str(self.titles.get(kind, {}).get(key, key))

    def spoken(self, text: str) -> str:
        """A text with the names of its placeholders in their place."""
        return re.sub(r"\{([^{}]*)\}", lambda found: self.title(PLACEHOLDER, found[1]), text)

    def quoted(self, kind: str, key: str) -> str:
        return _("«{title}»").format(title=self.title(kind, key))
