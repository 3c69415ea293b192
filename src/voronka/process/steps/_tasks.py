"""What closing steps share: which open tasks of the deal they mean."""

from django.utils.translation import gettext as _
from pydantic import model_validator

from voronka.tasks.models import Task

from ..outline import Outline
from ..values import RULE, TASK_KIND, RuleRef, TaskKindRef
from ._base import BaseStep, Work


class ClosingStep(BaseStep):
    """Open tasks of the deal that are of these kinds or were made by these rules; `all`: every one a rule made."""

    kinds: list[TaskKindRef] = []
    rules: list[RuleRef] = []
    all: bool = False

    @model_validator(mode="after")
    def names_something(self) -> "ClosingStep":
        if not (self.kinds or self.rules or self.all):
            raise ValueError(_("Say which tasks: kinds, rules or all."))
        return self

    def tasks(self, work: Work) -> list[Task]:
        found = Task.objects.filter(deal=work.of_deal, done_at=None).select_related("kind").order_by("pk")
        if self.all:
            return list(found.exclude(rule=""))
        return [task for task in found if task.kind.key in self.kinds or task.rule in self.rules]

    def which(self, outline: Outline) -> str:
        if self.all:
            return _("all tasks made by rules")
        kinds = [outline.quoted(TASK_KIND, key) for key in self.kinds]
        return _(" and ").join(
            kinds + [_("tasks of the rule {rule}").format(rule=outline.quoted(RULE, r)) for r in self.rules]
        )
