from typing import Literal

from django.utils.translation import gettext as _

from voronka.deals.actions import move_deal
from voronka.deals.models import LossReason

from ..outline import Outline
from ..values import STAGE, Key, StageRef
from ._base import BaseStep, Work, stage_row


class Move(BaseStep):
    """Move the deal to another stage of its funnel, through the same guards as people. `reason`: of a loss."""

    do: Literal["move"]
    to: StageRef
    reason: Key | None = None
    changes_deal = True

    def run(self, work: Work) -> None:
        to = stage_row(self.to)
        reason = LossReason.objects.get(funnel=to.funnel, key=self.reason) if self.reason else None
        move_deal(work.of_deal.pk, by=work.by, to=to, loss_reason=reason)

    def sentence(self, outline: Outline) -> str:
        return _("the deal goes to {stage}").format(stage=outline.quoted(STAGE, self.to))
