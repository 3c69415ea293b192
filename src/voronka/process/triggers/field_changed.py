from typing import Literal

from django.utils.translation import gettext as _
from pydantic import Field

from ..outline import Outline
from ..values import FIELD, FieldRef
from ._base import BaseTrigger, Happening


class FieldChanged(BaseTrigger):
    """One of the fields of an open deal got another value."""

    event: Literal["field_changed"]
    fields: list[FieldRef] = Field(min_length=1)
    hears = ("deal.changed",)

    def matches(self, happening: Happening) -> bool:
        return not set(self.fields).isdisjoint(happening.data.get("changes", {}))

    def sentence(self, outline: Outline) -> str:
        names = _(" or ").join(outline.quoted(FIELD, key) for key in self.fields)
        return _("When {fields} changes").format(fields=names)
