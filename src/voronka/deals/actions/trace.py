"""What an act of one's own changed in a deal, kept so that it can be taken back whole within moments."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import Refusal

from ..wholes import Difference, difference, is_nothing, wholes
from ._rows import locked_rows
from .restore_deals import restore_deals
from .take_back import WITHIN


@dataclass(frozen=True, kw_only=True)
class Trace:
    """`was`: what makes the past of the present; `mark`: digest of the deal as the act left it; `stage`: where it
    stands since; `title`: the act in words."""

    deal: int
    was: Difference
    mark: str
    stage: int
    at: str
    title: str

    def __bool__(self) -> bool:
        return not is_nothing(self.was)

    @property
    def kept(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Self:
        return cls(**kept)


def traced(deal_id: int, title: str, act: Callable[[], object]) -> Trace:
    """Do it, and tell what it changed in the deal, rules' answers to it included."""
    with transaction.atomic():
        locked_rows([deal_id])
        before = wholes([deal_id])[deal_id]
        act()
        after = wholes([deal_id])[deal_id]
    return Trace(
        deal=deal_id,
        was=difference(before, after),
        mark=after.digest,
        stage=after.deal["stage_id"],
        at=clock.now().isoformat(),
        title=title,
    )


def take_back(trace: Trace, *, by: Actor) -> None:
    """Undo one's own act. Right is asked of the act, not of the deal: it may have gone to others by it.

    Raises Refusal when the deal went on meanwhile or the moment has passed.
    """
    if clock.now() - datetime.fromisoformat(trace.at) > WITHIN:
        raise Refusal(_("It is too late to take this back."), rule="undo")
    with transaction.atomic():
        locked_rows([trace.deal])
        now = wholes([trace.deal])
        if now[trace.deal].digest != trace.mark:
            raise Refusal(_("The deal has been changed since."), rule="undo")
        restore_deals(now, {trace.deal: trace.was}, by=by, data={"title": trace.title})
