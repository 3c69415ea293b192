"""A call to the secret address of a rule; a check on history. Both may run twice."""

import json
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from voronka.clients.models import Identity
from voronka.deals.actions import change_deal
from voronka.deals.models import Deal
from voronka.kernel import actor, clock, phone
from voronka.kernel.errors import FieldErrors, Refusal
from voronka.kernel.events import Refs, record

from .models import Knock
from .queries import in_force
from .replay import run
from .triggers import Webhook


@app.task(name="process.open_to", queue="process")
def open_to(*, knock: int) -> None:
    """Find the deal, write what came into its fields, set the rule off: once, and all of it or nothing."""
    with transaction.atomic():
        came = Knock.objects.select_for_update().filter(pk=knock, done_at=None).first()
        if came is None:
            return
        came.done_at = clock.now()
        try:
            with transaction.atomic():
                came.deal_id = _let_in(came)
        except (Refusal, FieldErrors) as error:
            came.why = str(error)
        came.save(update_fields=["done_at", "deal_id", "why"])


@app.task(name="process.replay", queue="bulk")
def replay(*, trial: int) -> None:
    """One that was cut off begins anew: it touches nothing."""
    run.run(trial)


def _let_in(came: Knock) -> int:
    rule = in_force().process.rules_by_key.get(came.rule)
    if rule is None or not isinstance(rule.when, Webhook):
        raise Refusal(_("The rule is gone."))
    payload = json.loads(came.body)
    deal = _deal_of(rule.when, payload)
    if deal is None:
        raise Refusal(_("No deal was found by what came."))
    by = actor.system(rule.title)
    values = {key: _at(payload, place) for key, place in rule.when.fields.items()}
    change_deal(deal.pk, by=by, values={key: str(value) for key, value in values.items() if value is not None})
    deal.refresh_from_db()
    refs = Refs(
        deal=deal.pk, company=deal.company_id, funnel=deal.funnel_id, stage=deal.stage_id, audience=deal.audience
    )
    record("rule.knocked", refs, by=by, data={"rule": came.rule, "knock": came.pk})
    return deal.pk


def _deal_of(when: Webhook, payload: dict[str, Any]) -> Deal | None:
    if when.deal:
        number = str(_at(payload, when.deal) or "")
        known = number.isdecimal() and len(number) < 19
        return Deal.objects.select_for_update().filter(pk=number).first() if known else None
    value = phone.normalise(str(_at(payload, when.phone) or ""))
    clients = Identity.objects.filter(kind="phone", value=value).values("contact__company_id")
    found = Deal.objects.select_for_update().filter(company__in=clients, closed_at=None)
    return found.order_by("-id").first() if value else None


def _at(payload: Any, place: str) -> Any:
    """«order.items.0.id» of a payload; None where nothing stands."""
    for part in place.split("."):
        if isinstance(payload, list) and part.isdecimal() and int(part) < len(payload):
            payload = payload[int(part)]
        elif isinstance(payload, dict):
            payload = payload.get(part)
        else:
            return None
    return payload
