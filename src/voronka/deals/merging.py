"""What clients, contacts and deals are to the engine that makes one row of two. See `clients.merging`."""

from collections.abc import Mapping
from typing import Any

from voronka.clients.merging import choice
from voronka.clients.merging.kind import Kind, Row
from voronka.clients.merging.references import Ending
from voronka.clients.models import Company, Contact, Merge
from voronka.kernel.models import Attachment

from .leading import lead_fields, lead_fields_back
from .models import Approval, Deal, DealLink, Passage


def _of_both_deals(survivor: Row, other: Row) -> dict[str, Any]:
    """Who saw the other one goes on seeing it; the first touch is the earlier deal's, the last one the later's."""
    seats = [
        *survivor["watchers"],
        *other["watchers"],
        *filter(None, [other["seat_id"] if survivor["seat_id"] else None]),
    ]
    first, last = sorted((survivor, other), key=lambda row: str(row["created_at"]))
    return {
        "watchers": [seat for seat in dict.fromkeys(seats) if seat != survivor["seat_id"]],
        "first_touch": first["first_touch"] or last["first_touch"],
        "last_touch": last["last_touch"] or first["last_touch"],
        "utm": last["utm"] or first["utm"],
    }


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            name=Merge.Kind.COMPANY.value,
            model=Company,
            rules=choice.COMPANY,
            own=choice.COMPANY_OWN,
            plain=((Attachment, "company_id"),),
            lead=lead_fields,
            lead_back=lead_fields_back,
        ),
        Kind(
            name=Merge.Kind.CONTACT.value,
            model=Contact,
            rules=choice.CONTACT,
            own=choice.CONTACT_OWN,
            of="company_id",
        ),
        Kind(
            name=Merge.Kind.DEAL.value,
            model=Deal,
            rules=choice.DEAL,
            own=choice.DEAL_OWN,
            derived=_of_both_deals,
            plain=((Attachment, "deal_id"),),
            pairs=((DealLink, "deal_id", "other_id"),),
            endings=(
                Ending(Passage._meta.db_table, "deal_id", "left_at"),
                Ending(Approval._meta.db_table, "deal_id", "decided_at"),
            ),
            of="company_id",
            title="title",
        ),
    )
}
