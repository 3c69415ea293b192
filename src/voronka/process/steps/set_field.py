from typing import Literal

from django.utils.translation import gettext as _

from voronka.deals import fields
from voronka.deals.actions import change_deal

from ..outline import Outline
from ..values import FIELD, FieldRef, Text
from . import _facts
from ._base import BaseStep, Work


class SetField(BaseStep):
    """Write a value into a field of the deal, as a person would type it. Without `value` the field is emptied.

    `unless_filled`: not over what stands there already.
    """

    do: Literal["set_field"]
    field: FieldRef
    value: Text | None = None
    unless_filled: bool = False
    changes_deal = True

    def run(self, work: Work) -> None:
        spec = fields.specs()[self.field]
        if self.unless_filled and not fields.is_empty(fields.value_of(work.of_deal, spec)):
            return
        typed = self.value.fill(_facts.of(work, self.value)) if self.value else ""
        change_deal(work.of_deal.pk, by=work.by, values={self.field: typed})

    def sentence(self, outline: Outline) -> str:
        field = outline.quoted(FIELD, self.field)
        if self.value is None:
            return _("{field} is emptied").format(field=field)
        shown = outline.title(f"{FIELD}:{self.field}", self.value)
        return _("{field} becomes «{value}»").format(field=field, value=shown)
