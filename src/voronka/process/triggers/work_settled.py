from typing import Literal

from django.utils.translation import gettext as _

from .. import parts
from ..outline import Outline
from ._base import Happening, InFunnels


class WorkSettled(InFunnels):
    """A work of the deal (measuring, design, production) was accepted or rejected. `kinds`: of these kinds only."""

    event: Literal["work_settled"]
    outcome: Literal["accepted", "rejected"] = "accepted"
    kinds: list[str] = []
    hears = ("work.accepted", "work.rejected")
    part = parts.WORKS

    def matches(self, happening: Happening) -> bool:
        fits = happening.kind == f"work.{self.outcome}" and super().matches(happening)
        return fits and (not self.kinds or happening.data.get("kind") in self.kinds)

    def what(self, outline: Outline) -> str:
        if self.outcome == "rejected":
            return _("When a work is rejected")
        return _("When a work is accepted")
