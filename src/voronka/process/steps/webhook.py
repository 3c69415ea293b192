from typing import Literal

from django.utils.translation import gettext as _

from voronka.kernel.events import Refs, record

from ..outline import Outline
from ..values import FieldRef, HookTitle, Key
from ._base import BaseStep, Work


class Webhook(BaseStep):
    """Tell other systems, signed: `hook`, a webhook of the settings by its title, gets `name` and these fields of the
    deal; without it every webhook that wants «a rule calls» does.
    """

    do: Literal["webhook"]
    hook: HookTitle | None = None
    name: Key
    fields: list[FieldRef] = []

    def run(self, work: Work) -> None:
        deal = work.of_deal
        refs = Refs(
            deal=deal.pk, company=deal.company_id, funnel=deal.funnel_id, stage=deal.stage_id, audience=deal.audience
        )
        told = {key: deal.fields.get(key) for key in self.fields}
        data = {"name": self.name, "rule": work.rule, "fields": told}
        record("rule.called", refs, by=work.by, data={**data, "hook": str(self.hook)} if self.hook else data)

    def sentence(self, outline: Outline) -> str:
        if self.hook:
            return _("the webhook «{hook}» is told «{name}»").format(hook=self.hook, name=self.name)
        return _("other systems are told «{name}»").format(name=self.name)
