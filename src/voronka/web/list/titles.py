"""Names of rows that declared fields point to; products are read once for a page, when a cell asks for one."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from voronka.catalogue.models import Product
from voronka.kernel.actor import Actor
from voronka.staff.queries import brands, everybody, locations
from voronka.web.deals.pointed import Pointed

_ROWS: dict[str, Callable[[], Mapping[int, Any]]] = {"person": everybody, "location": locations, "brand": brands}


class Titles:
    """`pointed`: rows that are too many to be read whole; say what is coming by its `expect`."""

    def __init__(self, by: Actor) -> None:
        self.pointed = Pointed(by)

    @cached_property
    def _products(self) -> dict[int, str]:
        return dict(Product.objects.values_list("pk", "name"))

    def of(self, kind: str, value: Any) -> str:
        """The name of the row; a value of any other kind is its own text."""
        if kind == "product":
            return self._products.get(value, str(value))
        row = _ROWS[kind]().get(value) if kind in _ROWS else None
        return row.name if row else str(value)
