"""What a kind of bulk act is."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.deals.fields import BUILT_IN
from voronka.deals.models import Deal, FieldDef
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors, MissingFields, Refusal


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What the act would make of a deal: `old` and `new` in words, `to` whom, `warning` what is against it; or why it
    stays, `refusal`; or nothing at all."""

    to: str = ""
    old: str = ""
    new: str = ""
    warning: str = ""
    refusal: str = ""
    same: bool = False


class Kind(ABC):
    """An act with its arguments read. One rule serves `judge` (before) and `run` (then)."""

    key: ClassVar[str]

    @classmethod
    @abstractmethod
    def read(cls, arguments: Mapping[str, Any]) -> Self:
        """From plain arguments, as a form brings them and as the act keeps them. Raises FieldErrors."""

    @property
    @abstractmethod
    def arguments(self) -> dict[str, Any]:
        """What `read` makes the same act of."""

    @property
    @abstractmethod
    def title(self) -> str:
        """«Передать: Дмитрий Лосев»."""

    def meet(self, deals: Sequence[Deal], by: Actor) -> None:
        """Read what judging these deals takes besides themselves."""
        return

    @abstractmethod
    def judge(self, deal: Deal, by: Actor) -> Judgement:
        """One of the deals met last. Asks the base nothing that depends on the deal."""

    @abstractmethod
    def run(self, deal_ids: Sequence[int], by: Actor) -> dict[int, str]:
        """Do it to these deals, in the transaction of the caller; answers those that stay, and why."""


def each(deal_ids: Sequence[int], act: Callable[[int], object]) -> dict[int, str]:
    """Do it deal by deal: what one refuses does not stop the others."""
    refused = {}
    for deal_id in deal_ids:
        try:
            with transaction.atomic():
                act(deal_id)
        except Refusal as no:
            refused[deal_id] = no.reason
        except MissingFields as missing:
            refused[deal_id] = missing_words(missing.fields, titles_of_fields())
        except FieldErrors as wrong:
            refused[deal_id] = "; ".join(wrong.errors.values())
    return refused


def titles_of_fields() -> dict[str, str]:
    """What a move may ask for → its title. One query."""
    special = {
        "loss_reason": _("loss reason"),
        "loss_comment": _("comment"),
        "next_step": _("next step"),
        **{spec.key: str(spec.title) for spec in BUILT_IN},
    }
    return special | dict(FieldDef.objects.filter(entity="deal").values_list("key", "title"))


def missing_words(keys: Sequence[str], titles: Mapping[str, str]) -> str:
    """«Не заполнено: дата игры, место»."""
    return _("Not filled: %(fields)s") % {"fields": ", ".join(titles.get(key, key).lower() for key in keys)}
