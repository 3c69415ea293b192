"""What conditions ask about beside the deal: its client, its tasks, its way. Read for many deals at once."""

from collections.abc import Sequence
from typing import Any

from django.db.models import F, Model

from voronka.deals.models import Deal
from voronka.kernel.filters import Base, Related, Scope


class Kin:
    """Rows behind a relation as they are now: the first question reads them for all deals at hand."""

    def __init__(self) -> None:
        self._deals: Sequence[Deal] = ()
        self._rows: dict[tuple[Related, Any], list[Model]] = {}

    def come(self, deals: Sequence[Deal]) -> None:
        """These deals are asked about from now on."""
        self._deals, self._rows = deals, {}

    def __call__(self, base: Base, source: Related, scope: Scope, outer: Any) -> Sequence[Model]:
        if (source, outer) not in self._rows:
            self._read(base, source, outer)
        return self._rows[source, outer]

    def _read(self, base: Base, source: Related, outer: Any) -> None:
        wanted = {getattr(deal, source.outer, None) for deal in self._deals}
        if outer not in wanted:
            wanted = {outer}  # a relation of related rows
        for key in wanted:
            self._rows[source, key] = []
        rows = base.model._default_manager.filter(**{f"{source.link}__in": wanted - {None}})
        for row in rows.annotate(outer_key=F(source.link)):
            self._rows[source, row.outer_key].append(row)
