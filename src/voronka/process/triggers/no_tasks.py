from typing import Literal

from django.utils.translation import gettext as _

from voronka.deals.models import Deal

from ..outline import Outline
from ._base import Happening, InFunnels


class NoTasks(InFunnels):
    """The last open task of an open deal is closed and nothing follows."""

    event: Literal["no_tasks"]
    hears = ("task.done", "task.cancelled")

    def holds(self, deal: Deal, happening: Happening) -> bool:
        inside = not self.funnels or deal.funnel.key in self.funnels
        return inside and deal.closed_at is None and not deal.tasks.filter(done_at=None).exists()

    def matches(self, happening: Happening) -> bool:
        return True

    def what(self, outline: Outline) -> str:
        return _("When a deal has no task left")
