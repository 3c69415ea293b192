from typing import Literal

from django.utils.translation import gettext as _

from voronka.deals.actions import transfer_deal

from ..outline import Outline
from ..values import FUNNEL, STAGE, StageRef
from ._base import BaseStep, Work, stage_row


class MoveFunnel(BaseStep):
    """Move the deal itself to a stage of another funnel. It goes with everything it holds; a closed one is open again.

    `release`: nobody leads it then, it waits for whoever takes it.
    """

    do: Literal["move_funnel"]
    to: StageRef
    release: bool = False
    changes_deal = True

    def run(self, work: Work) -> None:
        transfer_deal(work.of_deal.pk, by=work.by, to=stage_row(self.to), release=self.release)

    def sentence(self, outline: Outline) -> str:
        return _("the deal goes to {stage} of the funnel {funnel}").format(
            stage=outline.quoted(STAGE, self.to), funnel=outline.quoted(FUNNEL, self.to.split("/")[0])
        )
