from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from pydantic import Field

from voronka.deals import fields
from voronka.deals.actions import add_line, change_deal, create_deal, link_deals
from voronka.deals.models import Deal
from voronka.staff.models import Person

from ..outline import Outline
from ..values import STAGE, FieldRef, StageRef, Text
from . import _facts, _people
from ._base import BaseStep, Work, stage_row


class OpenDeal(BaseStep):
    """A new deal of the same client at a stage, of any funnel.

    `copy`: fields that go along; `amount` and `goods` with them; `responsible`: who leads it: the same, nobody yet, or
    whoever led the client's deals last. `link`: the word that joins both deals. `unless_open`: not while the client has
    an open deal in that funnel.
    """

    do: Literal["open_deal"]
    at: StageRef
    title: Text | None = None
    copy_: Annotated[list[FieldRef], Field(alias="copy")] = []
    goods: bool = False
    responsible: Literal["same", "nobody", "client_manager"] = "same"
    link: str = ""
    unless_open: bool = True
    needs = "client"

    def run(self, work: Work) -> None:
        stage, deal = stage_row(self.at), work.deal
        client = work.of_client
        if self.unless_open and Deal.objects.filter(company=client, funnel=stage.funnel, closed_at=None).exists():
            return
        made = create_deal(
            by=work.by,
            funnel=stage.funnel,
            stage=stage,
            company=client,
            contact=work.contact or (deal.contact if deal else None),
            title=self.title.fill(_facts.of(work, self.title)) if self.title else deal.title if deal else "",
            responsible=self._responsible(work),
            brand=deal.brand if deal else None,
            location=deal.location if deal else None,
            source_id=deal.source_id if deal else None,
            channel=deal.channel if deal else "",
            touch=deal.last_touch if deal else None,
            first_touch=deal.first_touch if deal else None,
            fields=self._fields(deal) if deal else None,
            is_repeat=True,
        )
        if deal and self.goods:
            for line in deal.lines.select_related("product").order_by("id"):
                add_line(made.pk, by=work.by, product=line.product, quantity=line.quantity)
        elif deal and "amount" in self.copy_:
            change_deal(made.pk, by=work.by, values={"amount": str(deal.amount)})
        if deal and self.link:
            link_deals(deal.pk, made.pk, by=work.by, word=self.link)

    def _responsible(self, work: Work) -> Person | None:
        if self.responsible == "nobody":
            return None
        found = _people.find("responsible" if self.responsible == "same" else "client_manager", work)
        return found[0] if found else None

    def _fields(self, deal: Deal) -> dict[str, Any]:
        """Values that still fit the types of their fields."""
        known = fields.specs()
        kept = {key: deal.fields.get(key) for key in self.copy_ if key in known and known[key].declared}
        return {key: value for key, value in kept.items() if value is not None and fields.fits(known[key], value)}

    def sentence(self, outline: Outline) -> str:
        return _("a deal is opened at {stage}").format(stage=outline.quoted(STAGE, self.at))
