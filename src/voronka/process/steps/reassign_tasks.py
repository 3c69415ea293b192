from typing import Literal

from django.utils.translation import gettext as _

from ..outline import Outline
from . import _people
from ._tasks import ClosingStep


class ReassignTasks(ClosingStep):
    """Give open tasks of the deal to somebody else."""

    do: Literal["reassign_tasks"]
    to: _people.Somebody

    def sentence(self, outline: Outline) -> str:
        return _("{tasks} go to: {who}").format(tasks=self.which(outline), who=_people.words(self.to, outline))
