from typing import Literal

from django.utils.translation import gettext as _

from ..outline import Outline
from ._base import CLIENT, BaseTrigger, Happening


class ContactAdded(BaseTrigger):
    """A new person is known: a new client with its first contact, or one more contact. About the client."""

    event: Literal["contact_added"]
    hears = ("client.registered", "contact.added")

    @property
    def subject(self) -> str:
        return CLIENT

    def matches(self, happening: Happening) -> bool:
        return True

    def sentence(self, outline: Outline) -> str:
        return _("When a new contact is added")
