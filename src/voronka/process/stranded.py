"""Deals on stages that a new document leaves out: they go where the plan says, or the document is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from voronka.deals.actions import resettle_deals
from voronka.deals.models import Stage
from voronka.kernel.actor import Actor
from voronka.kernel.errors import Refusal

from .schema import Process


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """A stage that goes, and how many deals stand on it. `ref`: «funnel/stage»."""

    stage: Stage
    deals: int

    @property
    def ref(self) -> str:
        return f"{self.stage.funnel.key}/{self.stage.key}"

    def __str__(self) -> str:
        sentence = ngettext(
            "There is %(num)d deal on the stage «%(stage)s» («%(funnel)s»): say where it goes.",
            "There are %(num)d deals on the stage «%(stage)s» («%(funnel)s»): say where they go.",
            self.deals,
        )
        return sentence % {"num": self.deals, "stage": self.stage.title, "funnel": self.stage.funnel.title}


class Stranded(Refusal):
    """Deals would be left on stages that nobody sees. `leaving` lists all of them."""

    def __init__(self, leaving: Sequence[Leaving]) -> None:
        self.leaving = leaving
        super().__init__(" ".join(str(one) for one in leaving), rule="stranded")


def leaving(process: Process) -> list[Leaving]:
    """Stages in use that the document doesn't have; only those with deals. One query."""
    found = Stage.objects.filter(is_active=True).select_related("funnel").annotate(held=Count("deals"))
    return [
        Leaving(stage=stage, deals=stage.held)
        for stage in found.filter(held__gt=0).order_by("funnel__position", "position")
        if f"{stage.funnel.key}/{stage.key}" not in process.stages
    ]


def resettle(process: Process, moved: Mapping[str, str], *, by: Actor) -> dict[str, int]:
    """Move the deals of leaving stages by the plan, «funnel/stage» → «funnel/stage»; returns how many of each.

    The rows of the new document must be there already. Raises Stranded for what the plan leaves out.
    """
    gone = leaving(process)
    if left := [one for one in gone if moved.get(one.ref) not in process.stages]:
        raise Stranded(left)
    return {one.ref: resettle_deals(one.stage, _stage(moved[one.ref]), by=by) for one in gone}


def _stage(ref: str) -> Stage:
    funnel, key = ref.split("/")
    return Stage.objects.get(funnel__key=funnel, key=key)


def offers(one: Leaving, process: Process) -> list[tuple[str, str]]:
    """Where the deals of a leaving stage may go: (ref, title), those of its own funnel first."""
    closing = ("won", "lost")
    meaning = one.stage.meaning
    fits = [
        (ref, stage)
        for ref, stage in process.stages.items()
        if (stage.meaning == meaning if meaning in closing else stage.meaning not in closing)
    ]
    fits.sort(key=lambda pair: pair[0].split("/")[0] != one.stage.funnel.key)
    titles = {funnel.key: funnel.title for funnel in process.funnels}
    return [
        (ref, _("{stage} ({funnel})").format(stage=stage.title, funnel=titles[ref.split("/")[0]]))
        for ref, stage in fits
    ]
