"""Who a session belongs to, with what the gate needs."""

from copy import copy

from django.contrib.auth.backends import ModelBackend

from .models import Person
from .queries import everybody


class PersonBackend(ModelBackend):
    def get_user(self, user_id: int) -> Person | None:
        """The person as kept; None when switched off. A copy, for whoever signs in may be changed."""
        person = everybody().get(user_id)
        return copy(person) if person and person.is_active else None
