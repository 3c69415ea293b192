from typing import Literal

from django.utils.translation import gettext as _

from voronka.tasks.actions import complete_task

from ..outline import Outline
from ._base import Work
from ._tasks import ClosingStep


class CompleteTasks(ClosingStep):
    """Mark tasks as done, with `result` as what came of them."""

    do: Literal["complete_tasks"]
    result: str = ""

    def run(self, work: Work) -> None:
        for task in self.tasks(work):
            complete_task(task.pk, by=work.by, result=self.result or work.title)

    def sentence(self, outline: Outline) -> str:
        return _("mark as done: {tasks}").format(tasks=self.which(outline))
