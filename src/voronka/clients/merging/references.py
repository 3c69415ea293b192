"""Everything that leads to a client or a contact. Foreign keys are found by themselves, so that a table added tomorrow
is carried without a word here; columns that are plain numbers are named in PLAIN."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.models import ForeignKey, Model, UniqueConstraint

from voronka.kernel.models import Attachment, Event

from ..models import Company, Contact

#: Plain columns that lead to a client. Events are never changed: what happened before is found by `Merge`.
PLAIN: Mapping[type[Model], tuple[tuple[type[Model], str], ...]] = {Company: ((Attachment, "company_id"),), Contact: ()}
LEFT_ALONE: frozenset[tuple[type[Model], str]] = frozenset({(Event, "company_id")})


@dataclass(frozen=True)
class Reference:
    """A column that leads to a row. `alike`: columns that with it must be unique, so that a double is dropped; empty
    when it is unique by itself, None when there may be many."""

    table: str
    column: str
    alike: tuple[str, ...] | None = None

    @property
    def key(self) -> str:
        return f"{self.table}.{self.column}"


def references_to(model: type[Model]) -> Iterator[Reference]:
    for relation in model._meta.related_objects:
        field = relation.field
        if isinstance(field, ForeignKey) and field.column:
            yield Reference(field.model._meta.db_table, field.column, _alike(field))
    for other, column in PLAIN[model]:
        yield Reference(other._meta.db_table, column)


def _alike(field: ForeignKey) -> tuple[str, ...] | None:
    options = field.model._meta
    for constraint in options.constraints:
        if isinstance(constraint, UniqueConstraint) and field.name in constraint.fields:
            columns = {one.name: str(one.column) for one in options.concrete_fields}
            return tuple(columns[name] for name in constraint.fields if name != field.name)
    return None
