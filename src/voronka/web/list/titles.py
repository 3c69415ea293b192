"""Names of rows that declared fields point to: each table is read once for a page, when a cell asks for it."""

from typing import Any

from voronka.catalogue.models import Product
from voronka.kernel.actor import Actor
from voronka.staff.models import Brand, Location, Person
from voronka.web.deals.pointed import Pointed

_TABLES: dict[str, Any] = {"person": Person, "location": Location, "brand": Brand, "product": Product}


class Titles:
    """`pointed`: rows that are too many to be read whole; say what is coming by its `expect`."""

    def __init__(self, by: Actor) -> None:
        self.pointed = Pointed(by)
        self._known: dict[str, dict[int, str]] = {}

    def of(self, kind: str, value: Any) -> str:
        """The name of the row; a value of any other kind is its own text."""
        if kind not in _TABLES:
            return str(value)
        if kind not in self._known:
            self._known[kind] = dict(_TABLES[kind].objects.values_list("pk", "name"))
        return self._known[kind].get(value, str(value))
