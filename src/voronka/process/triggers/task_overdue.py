from typing import Literal

from django.utils.translation import gettext as _

from ..outline import Outline
from ..values import TASK_KIND, Clock, Duration, TaskKindRef
from ._timed import TimedInFunnels


class TaskOverdue(TimedInFunnels):
    """A task of an open deal is still open `after` its deadline. Without `kinds`: any task."""

    event: Literal["task_overdue"]
    kinds: list[TaskKindRef] = []
    after: Duration | None = None
    every: Duration | None = None
    clock: Clock | None = None

    def what(self, outline: Outline) -> str:
        text = _("If a task is overdue")
        if self.kinds:
            kinds = _(" or ").join(outline.quoted(TASK_KIND, key) for key in self.kinds)
            text = _("If a task {kinds} is overdue").format(kinds=kinds)
        return _("{text} by {time}").format(text=text, time=self.after.words) if self.after else text

    def cancels(self) -> str:
        return _("not if the task is done or gets another time")
