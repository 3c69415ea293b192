"""Segments: who belongs to them, and how clients come and go."""

from collections.abc import Collection

from django.db import transaction

from voronka.kernel.actor import Actor
from voronka.kernel.events import Refs, record

from .models import Company, Segment


def segment_options() -> list[tuple[object, str]]:
    return list(Segment.objects.filter(is_active=True).order_by("title").values_list("key", "title"))


def change_segments(company_id: int, *, by: Actor, add: Collection[str] = (), remove: Collection[str] = ()) -> Company:
    """Put a client into segments by key and take it out of others."""
    with transaction.atomic():
        company = Company.objects.select_for_update().get(pk=company_id)
        before = company.segments
        company.segments = [key for key in dict.fromkeys([*before, *add]) if key not in remove]
        if company.segments != before:
            company.save(update_fields=["segments"])
            refs = Refs(company=company.pk, audience=company.audience)
            data = {
                "joined": sorted(set(company.segments) - set(before)),
                "left": sorted(set(before) - set(company.segments)),
            }
            record("client.segments", refs, by=by, data=data)
    return company
