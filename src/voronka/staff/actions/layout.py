from typing import Any

from django.db import transaction

from voronka.staff.models import Layout, Person


def keep_layout(person: Person, page: str, **kept: Any) -> None:
    """Remember how the person has arranged a page; what is not named stays. No event: nobody else is concerned."""
    with transaction.atomic():
        Layout.objects.get_or_create(person=person, page=page)
        layout = Layout.objects.select_for_update().get(person=person, page=page)
        layout.kept = {**layout.kept, **kept}
        layout.save(update_fields=["kept"])


def layout_of(person: Person, page: str) -> dict[str, Any]:
    """One query."""
    found = Layout.objects.filter(person=person, page=page).values_list("kept", flat=True).first()
    return found or {}
