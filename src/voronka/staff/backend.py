"""Who a session belongs to, in one query: every request asks for role, brands and locations to know the reach."""

from django.contrib.auth.backends import ModelBackend
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from .models import Person

_BRANDS = Person.brands.through.objects.filter(person=OuterRef("pk")).values("brand_id")
_LOCATIONS = Person.locations.through.objects.filter(person=OuterRef("pk")).values("location_id")


class PersonBackend(ModelBackend):
    def get_user(self, user_id: int) -> Person | None:
        """The person with what the gate needs; None when switched off."""
        return (
            Person.objects.select_related("role")  # type: ignore[no-redef]
            .annotate(brand_ids=ArraySubquery(_BRANDS), location_ids=ArraySubquery(_LOCATIONS))
            .filter(pk=user_id, is_active=True)
            .first()
        )
