"""Fields of deals made or changed on screen, as conditions of rules know them beside those of the document."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from voronka.deals.models import FieldDef

#: A document is read without a base, too; then it knows its own fields alone.
_KNOWN: ContextVar[tuple[FieldDef, ...]] = ContextVar("fields made on screen", default=())


@contextmanager
def known() -> Iterator[None]:
    """Inside, conditions may name them. One query."""
    rows = FieldDef.objects.filter(entity="deal", owner=FieldDef.Owner.SCREEN, is_active=True)
    token = _KNOWN.set(tuple(rows))
    try:
        yield
    finally:
        _KNOWN.reset(token)


def rows() -> tuple[FieldDef, ...]:
    return _KNOWN.get()
