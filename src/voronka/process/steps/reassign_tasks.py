from typing import Literal

from django.utils.translation import gettext as _

from voronka.kernel.errors import Refusal
from voronka.tasks.actions import change_task

from ..outline import Outline
from . import _people
from ._base import Work
from ._tasks import ClosingStep


class ReassignTasks(ClosingStep):
    """Give open tasks of the deal to somebody else."""

    do: Literal["reassign_tasks"]
    to: _people.Somebody

    def run(self, work: Work) -> None:
        found = _people.find(self.to, work)
        if not found:
            raise Refusal(_("There is nobody for these tasks: {who}.").format(who=_people.words(self.to, work.outline)))
        for task in self.tasks(work):
            change_task(task.pk, by=work.by, responsible=found[0])

    def sentence(self, outline: Outline) -> str:
        return _("{tasks} go to: {who}").format(tasks=self.which(outline), who=_people.words(self.to, outline))
