from typing import Literal

from django.utils.translation import gettext as _

from .. import parts
from ..outline import Outline
from ..values import Duration, Key, RoleRef
from ._base import BaseStep


class CreateWork(BaseStep):
    """Order a work in the deal: measuring, design, production. Declared here; the works do it when they are at work."""

    do: Literal["create_work"]
    kind: Key
    role: RoleRef
    due: Duration
    part = parts.WORKS

    def sentence(self, outline: Outline) -> str:
        return _("a work is ordered, due in {time}").format(time=self.due.words)
