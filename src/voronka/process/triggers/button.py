from typing import Literal

from django.utils.translation import gettext as _

from ..outline import Outline
from ..values import ROLE, RoleRef, StageRef, Title
from ._base import InFunnels, stage_names


class Button(InFunnels):
    """A person pressed the button `label` on the card. `roles`: only these see it; `stages`: only there."""

    event: Literal["button"]
    label: Title
    roles: list[RoleRef] = []
    stages: list[StageRef] = []
    hears = ("rule.pressed",)

    def what(self, outline: Outline) -> str:
        text = _("When somebody presses «{label}»").format(label=self.label)
        if self.roles:
            roles = _(" or ").join(outline.title(ROLE, role) for role in self.roles)
            text = _("When {roles} presses «{label}»").format(roles=roles, label=self.label)
        if self.stages:
            text = _("{text} on {stages}").format(text=text, stages=stage_names(self.stages, outline))
        return text
