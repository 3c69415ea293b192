from typing import Literal

from django.utils.translation import gettext as _

from voronka.deals.actions import move_deal

from ..outline import Outline
from ._base import BaseStep, Work, stage_row


class DeriveStage(BaseStep):
    """Put the deal on the last stage of its funnel whose `derived` condition it fulfils."""

    do: Literal["derive_stage"]
    changes_deal = True

    def run(self, work: Work) -> None:
        deal = work.of_deal
        key = deal.funnel.key
        funnel = next(one for one in work.process.funnels if one.key == key)
        derived = [stage.key for stage in funnel.stages if stage.derived and work.fulfils(stage.derived)]
        if derived and deal.stage.key != derived[-1]:
            move_deal(deal.pk, by=work.by, to=stage_row(f"{key}/{derived[-1]}"))

    def sentence(self, outline: Outline) -> str:
        return _("the stage follows from what is filled in")
