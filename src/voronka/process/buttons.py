"""Rules set off by hand: buttons on the card of a deal."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.deals.access import may_change, require_change
from voronka.deals.models import Deal
from voronka.kernel.actor import Actor
from voronka.kernel.errors import Refusal
from voronka.kernel.events import Refs, record

from .queries import InForce, in_force
from .schema import Rule
from .triggers import Button


@dataclass(frozen=True, kw_only=True)
class Offered:
    """A button that may be pressed now. `text`: what it will do, in words."""

    rule: str
    label: str
    text: str


def offered(deal: Deal, by: Actor) -> list[Offered]:
    """Buttons of this deal for this person; the condition of each rule holds now."""
    if not may_change(by, deal):
        return []
    current = in_force()
    outline = current.process.outline
    return [
        Offered(rule=rule.key, label=rule.when.label, text="; ".join(step.sentence(outline) for step in rule.then))
        for rule in current.process.rules
        if isinstance(rule.when, Button) and _may(rule, rule.when, deal, by, current)
    ]


def press(deal_id: int, rule_key: str, *, by: Actor) -> Deal:
    """Run the rule on the deal. Raises Refusal."""
    with transaction.atomic():
        deal = Deal.objects.select_for_update().get(pk=deal_id)
        require_change(by, deal)
        current = in_force()
        rule = current.process.rules_by_key.get(rule_key)
        if rule is None or not isinstance(rule.when, Button) or not _may(rule, rule.when, deal, by, current):
            raise Refusal(_("This button is not for this deal now."), rule="button")
        refs = Refs(
            deal=deal.pk, company=deal.company_id, funnel=deal.funnel_id, stage=deal.stage_id, audience=deal.audience
        )
        record("rule.pressed", refs, by=by, data={"rule": rule.key, "label": rule.when.label})
        deal.refresh_from_db()
    return deal


def _may(rule: Rule, when: Button, deal: Deal, by: Actor, current: InForce) -> bool:
    ref = current.places.stages.get(deal.stage_id, "")
    fits = (not when.stages or ref in when.stages) and when.may_hear(ref.split("/")[0], ref)
    allowed = not when.roles or by.reach is None or by.role in when.roles
    ready = rule.key not in current.aside and rule.supported
    return fits and allowed and ready and current.wants(rule, deal)
