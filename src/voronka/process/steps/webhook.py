from typing import Literal

from django.utils.translation import gettext as _

from voronka.kernel.events import Refs, record

from ..outline import Outline
from ..values import FieldRef, Key
from ._base import BaseStep, Work


class Webhook(BaseStep):
    """Tell other systems, signed: every webhook that wants «a rule calls» gets `name` and these fields of the deal."""

    do: Literal["webhook"]
    name: Key
    fields: list[FieldRef] = []

    def run(self, work: Work) -> None:
        deal = work.of_deal
        refs = Refs(
            deal=deal.pk, company=deal.company_id, funnel=deal.funnel_id, stage=deal.stage_id, audience=deal.audience
        )
        told = {key: deal.fields.get(key) for key in self.fields}
        record("rule.called", refs, by=work.by, data={"name": self.name, "rule": work.rule, "fields": told})

    def sentence(self, outline: Outline) -> str:
        return _("other systems are told «{name}»").format(name=self.name)
