from collections.abc import Sequence

from voronka.kernel.access import EVERYTHING
from voronka.kernel.actor import Actor
from voronka.kernel.events import Refs, record

from ..models import Entry


def tell(kind: str, entries: Sequence[Entry], by: Actor, **more: str) -> None:
    """The event of entries that came to an account which is no deal's; heard by heads of the sources' brands."""
    brands = {f"b:{entry.source.brand_id or 0}" for entry in entries}
    data = {"entries": [entry.pk for entry in entries], **more}
    record(kind, Refs(audience=[EVERYTHING, *brands]), by=by, data=data)
