"""What a template may name, and what a card says to it: the client, the deal, each field that the person sees."""

from collections.abc import Callable, Mapping
from functools import partial
from re import Match

from django.utils.translation import gettext as _

from voronka.deals import fields
from voronka.deals.fields import FieldSpec
from voronka.deals.filling import PLACE
from voronka.deals.models import Deal
from voronka.kernel.actor import Actor
from voronka.web import formats

from .fieldrows import Choices, language, shown


class CardFilling:
    """Implements `deals.filling.Filling`."""

    def __init__(self, by: Actor) -> None:
        self._choices = Choices(by)
        specs = {str(spec.title): partial(self._field, spec) for spec in fields.specs(by).values()}
        self._says = {name.casefold(): say for name, say in (specs | self._common()).items()}

    def knows(self, name: str) -> bool:
        return name.strip().casefold() in self._says

    def fill(self, text: str, deal: Deal | None, *, also: Mapping[str, str] = {}) -> str:
        """`also`: what is said beside the card, or without one."""
        more = {name.casefold(): value for name, value in also.items()}
        return PLACE.sub(lambda found: self._said(found, deal, more), text)

    def _said(self, found: Match[str], deal: Deal | None, more: Mapping[str, str]) -> str:
        name = found[1].strip().casefold()
        said = self._says[name](deal) if deal and name in self._says else ""
        return said or more.get(name) or found[0]

    def _field(self, spec: FieldSpec, deal: Deal) -> str:
        return shown(spec, fields.value_of(deal, spec), self._choices)

    @staticmethod
    def _common() -> dict[str, Callable[[Deal], str]]:
        return {
            _("client"): lambda deal: deal.company.name,
            _("first name"): _first_name,
            _("number"): lambda deal: str(deal.pk),
            _("stage"): lambda deal: deal.stage.title,
            _("amount"): lambda deal: formats.money(deal.amount, language()) if deal.amount else "",
            _("responsible"): lambda deal: deal.responsible.name if deal.responsible else "",
        }


def _first_name(deal: Deal) -> str:
    name = deal.contact.name if deal.contact else deal.company.name
    return next(iter(name.split()), "")
