"""Room at the stages that deals come to by being made, taken or handed over. Moves ask for it among their guards."""

from collections.abc import Iterable
from typing import Self

from voronka.kernel.actor import Actor, ActorKind
from voronka.kernel.errors import Refusal

from .. import queries
from ..models import Deal, Stage
from ..rules import WipFacts, full_words
from ..wip import Room

#: Who is not refused: an inquiry is never lost, and what is imported or put back was there before.
FREE = (ActorKind.CLIENT, ActorKind.SYSTEM, ActorKind.IMPORT)


class Entry:
    """Lets deals into hands one by one and counts them."""

    def __init__(self, *, by: Actor) -> None:
        self._bound, self._room = by.kind not in FREE, Room()

    def expect(self, deals: Iterable[Deal], *, lock: bool = False) -> Self:
        """Those that come next. `lock`: in the transaction that hands them over."""
        stages = {stage.pk: stage for deal in deals if (stage := coming_to(deal)).wip_limit}
        if lock and self._bound:
            lock_stages(stages.values())
        self._room.look_at(stages.values())
        return self

    def meets(self, deal: Deal, *, hands: int) -> WipFacts | None:
        """The limit that it meets there, if one is met."""
        to = coming_to(deal)
        stays = to.pk == deal.stage_id and to.wip_per == Stage.WipPer.STAGE
        if deal.closed_at or stays or deal.responsible_id == hands:
            return None
        return self._room.let_in(to, hands=hands)

    def refusal(self, deal: Deal, *, hands: int) -> Refusal | None:
        met = self.meets(deal, hands=hands)
        return _refusal(met, coming_to(deal)) if self._bound else None


def require_room(to: Stage, *, hands: int | None, by: Actor) -> None:
    """For one deal that comes to a stage from nowhere or from another funnel. Raises Refusal."""
    if to.wip_enforced and by.kind not in FREE:
        lock_stages([to])
        if no := _refusal(Room([to]).let_in(to, hands=hands), to):
            raise no


def lock_stages(stages: Iterable[Stage]) -> None:
    """Two at once must not both find the last place free."""
    if ids := [stage.pk for stage in stages if stage.wip_enforced]:
        list(Stage.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))


def coming_to(deal: Deal) -> Stage:
    """Where it stands once somebody leads it: none waits among the unsorted."""
    if deal.stage.meaning != Stage.Meaning.UNSORTED:
        return deal.stage
    way = queries.stages(of=deal.funnel_id)
    return next((stage for stage in way if stage.meaning == Stage.Meaning.OPEN), deal.stage)


def _refusal(met: WipFacts | None, to: Stage) -> Refusal | None:
    return Refusal(full_words(met, to.title), rule="wip") if met and met.enforced else None
