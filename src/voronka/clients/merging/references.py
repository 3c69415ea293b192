"""Everything that leads to a row. Foreign keys are found by themselves, so that a table added tomorrow is carried
without a word here; columns that are plain numbers are named by the `Kind`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import ForeignKey, Model, UniqueConstraint


@dataclass(frozen=True)
class Reference:
    """A column that leads to a row. `alike`: columns that with it must be unique, so that a double is dropped; empty
    when it is unique by itself, None when there may be many.

    `far`: the other column of a table that leads to two rows, the smaller id in `column`; a pair is there once.
    """

    table: str
    column: str
    alike: tuple[str, ...] | None = None
    far: str = ""

    @property
    def key(self) -> str:
        return f"{self.table}.{self.column}"


@dataclass(frozen=True)
class Ending:
    """Rows of `table` that lead by `column` to a row that is no more end with it: the empty `closed` gets the time."""

    table: str
    column: str
    closed: str

    @property
    def key(self) -> str:
        return f"{self.table}.{self.closed}"


def references_to(
    model: type[Model], *, plain: Iterable[tuple[type[Model], str]], pairs: Iterable[tuple[type[Model], str, str]]
) -> Iterator[Reference]:
    in_pairs = {one: (near, far) for one, near, far in pairs}
    for relation in model._meta.get_fields(include_hidden=True):
        field = getattr(relation, "field", None)
        if not (relation.auto_created and isinstance(field, ForeignKey) and not relation.concrete):
            continue
        near, far = in_pairs.get(field.model, ("", ""))
        if not near:
            yield Reference(field.model._meta.db_table, str(field.column), _alike(field))
        elif field.column == near:
            yield Reference(field.model._meta.db_table, near, far=far)
    for other, column in plain:
        yield Reference(other._meta.db_table, column)


def _alike(field: ForeignKey) -> tuple[str, ...] | None:
    options = field.model._meta
    for constraint in options.constraints:
        if isinstance(constraint, UniqueConstraint) and field.name in constraint.fields and not constraint.condition:
            columns = {one.name: str(one.column) for one in options.concrete_fields}
            return tuple(columns[name] for name in constraint.fields if name != field.name)
    return None
