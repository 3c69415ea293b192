"""Rules set off by other systems: each has a secret address, and what comes there is kept before it is answered."""

import hashlib
import json
import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.kernel import clock
from voronka.kernel.access import EVERYTHING
from voronka.kernel.actor import Actor
from voronka.kernel.errors import Refusal
from voronka.kernel.events import Refs, record

from . import jobs
from .actions import require_manage
from .models import Address, Knock
from .queries import in_force
from .triggers import Webhook

LONGEST = 256 * 1024


def renew_address(rule_key: str, *, by: Actor) -> str:
    """A new secret of the rule's address, told this once; the old one is dead at once. Raises Refusal."""
    require_manage(by)
    rule = in_force().process.rules_by_key.get(rule_key)
    if rule is None or not isinstance(rule.when, Webhook):
        raise Refusal(_("No rule of this key waits for another system."), rule="webhook")
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        Address.objects.update_or_create(
            rule=rule_key,
            defaults={"digest": _digest(secret), "made_by_id": by.person_id, "made_at": clock.now()},
        )
        record("rule.address_renewed", Refs(audience=[EVERYTHING]), by=by, data={"rule": rule_key})
    return secret


def receive(secret: str, body: bytes) -> Knock | None:
    """Keep what came and queue its work; None for a secret that nobody has. Raises Refusal for what is no JSON."""
    address = Address.objects.filter(digest=_digest(secret)).first()
    if address is None:
        return None
    try:
        text = body.decode()
        is_object = len(body) <= LONGEST and "\x00" not in text and isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        is_object = False
    if not is_object:
        raise Refusal("A JSON object of at most 256 kB is expected.", rule="body")
    with transaction.atomic():
        knock = Knock.objects.create(rule=address.rule, body=text, came_at=clock.now())
        jobs.open_to.defer(knock=knock.pk)
    return knock


def again(knock_id: int, *, by: Actor) -> Knock:
    """Do anew what came and led to nothing: the rule or the deal may have been mended since. Raises Refusal."""
    require_manage(by)
    with transaction.atomic():
        knock = Knock.objects.select_for_update().filter(pk=knock_id).first()
        if knock is None or knock.done_at is None or not knock.why:
            raise Refusal(_("This call needs no repetition."), rule="webhook")
        knock.done_at, knock.why = None, ""
        knock.save(update_fields=["done_at", "why"])
        jobs.open_to.defer(knock=knock.pk)
    return knock


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
