"""Which browsers get pushes."""

import hashlib

from django.db import transaction
from django.db.models import QuerySet

from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.events import Refs, record
from voronka.staff.models import Person

from . import endpoints, keys
from .models import PushSubscription

#: A person's oldest browsers give way to new ones.
PER_PERSON = 12


def fingerprint(endpoint: str) -> str:
    return hashlib.sha256(endpoint.encode()).hexdigest()


def subscribe(person: Person, *, by: Actor, endpoint: str, p256dh: str, auth: str) -> PushSubscription:
    """This browser is the person's from now on, whoever used it before. Raises FieldErrors."""
    endpoints.check(endpoint=endpoint, p256dh=p256dh, auth=auth)
    facts = {
        "person": person,
        "endpoint": endpoint,
        "p256dh": p256dh.rstrip("="),
        "auth": auth.rstrip("="),
        "server_key": keys.public_key(),
    }
    with transaction.atomic():
        made, is_new = PushSubscription.objects.update_or_create(
            endpoint_hash=fingerprint(endpoint),
            defaults=facts,
            create_defaults={**facts, "created_at": clock.now()},
        )
        if is_new:
            _record("push.subscribed", person, by)
        surplus = PushSubscription.objects.filter(person=person).order_by("-created_at", "-id")[PER_PERSON:]
        PushSubscription.objects.filter(pk__in=[old.pk for old in surplus]).delete()
    return made


def unsubscribe(person: Person, *, by: Actor, endpoint_hash: str) -> None:
    """No more pushes to this browser of the person."""
    with transaction.atomic():
        deleted, _rows = PushSubscription.objects.filter(person=person, endpoint_hash=endpoint_hash).delete()
        if deleted:
            _record("push.unsubscribed", person, by)


def current(person_ids: list[int]) -> QuerySet[PushSubscription]:
    """Browsers that can be reached: made with the keys we have now."""
    return PushSubscription.objects.filter(person__in=person_ids, server_key=keys.public_key())


def _record(kind: str, person: Person, by: Actor) -> None:
    record(kind, Refs(audience=[f"p:{person.pk}"]), by=by, data={"person": person.pk})
