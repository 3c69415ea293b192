from typing import Literal

from django.utils.translation import gettext as _

from voronka.tasks.actions import cancel_task

from ..outline import Outline
from ._base import Work
from ._tasks import ClosingStep


class CancelTasks(ClosingStep):
    """Close tasks that have become pointless, without counting them as done."""

    do: Literal["cancel_tasks"]

    def run(self, work: Work) -> None:
        for task in self.tasks(work):
            cancel_task(task.pk, by=work.by)

    def sentence(self, outline: Outline) -> str:
        return _("cancel: {tasks}").format(tasks=self.which(outline))
