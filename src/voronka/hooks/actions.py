"""Writes about hooks: by people who connect systems, and by the sender when one is dead."""

import secrets
from collections.abc import Collection

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors, Refusal
from voronka.kernel.events import Refs, record
from voronka.notices.actions import notify
from voronka.staff.models import Person
from voronka.staff.queries import people
from voronka.staff.rights import STAFF_AUDIENCE

from .addresses import Unfit, target_of
from .kinds import KINDS
from .models import Delivery, Hook
from .signing import secret_of

MOST = 30
LONGEST_TITLE = 100


def make_hook(person: Person, *, by: Actor, title: str, url: str, kinds: Collection[str]) -> tuple[Hook, str]:
    """A new hook of this person and its secret, which is told this once. Raises FieldErrors, Refusal."""
    _require(by)
    title, kinds = _checked(title, url, kinds)
    with transaction.atomic():
        if Hook.objects.count() >= MOST:
            raise Refusal(_("That is {number} addresses already. Remove those that nobody uses.").format(number=MOST))
        hook = Hook.objects.create(
            person=person,
            title=title,
            url=url,
            kinds=kinds,
            salt=secrets.token_urlsafe(32),
            created_at=clock.now(),
        )
        _record("hook.made", hook, by, {"url": url, "kinds": kinds})
    return hook, secret_of(hook)


def change_hook(hook_id: int, *, by: Actor, title: str, url: str, kinds: Collection[str]) -> Hook:
    """Another name, address or choice; what waits goes to the new address. From now on it is told what `by` may see:
    nobody points the ears of another somewhere else."""
    _require(by)
    title, kinds = _checked(title, url, kinds)
    with transaction.atomic():
        hook = Hook.objects.select_for_update(no_key=True).get(pk=hook_id)
        hook.title, hook.url, hook.kinds = title, url, kinds
        hook.person_id = by.person_id or hook.person_id
        hook.save(update_fields=["title", "url", "kinds", "person"])
        _record("hook.changed", hook, by, {"url": url, "kinds": kinds})
    return hook


def start_hook(hook_id: int, *, by: Actor) -> Hook:
    """On again: what was waiting goes first; what happened meanwhile was not kept."""
    _require(by)
    with transaction.atomic():
        hook = Hook.objects.select_for_update(no_key=True).get(pk=hook_id)
        if hook.stopped_at:
            hook.stopped_at, hook.stopped_why = None, ""
            hook.failures, hook.failing_since, hook.rests_until = 0, None, None
            hook.save()
            waiting = Delivery.objects.filter(hook=hook, state=Delivery.State.WAITING)
            waiting.update(attempts=0, next_at=clock.now())
            _record("hook.started", hook, by)
    return hook


def stop_hook(hook_id: int, *, by: Actor, why: str = "") -> Hook:
    """Off: nothing is sent, and nothing new is kept for it."""
    _require(by)
    with transaction.atomic():
        hook = Hook.objects.select_for_update(no_key=True).get(pk=hook_id)
        if hook.stopped_at is None:
            hook.stopped_at, hook.stopped_why = clock.now(), why
            hook.save(update_fields=["stopped_at", "stopped_why"])
            _record("hook.stopped", hook, by, {"why": why})
    return hook


def remove_hook(hook_id: int, *, by: Actor) -> None:
    """Gone with its log."""
    _require(by)
    with transaction.atomic():
        hook = Hook.objects.select_for_update().get(pk=hook_id)
        _record("hook.removed", hook, by, {"url": hook.url})
        hook.delete()


def replay(delivery_id: int, *, by: Actor) -> Delivery:
    """Send it once more, whatever came of it, with its tries counted anew."""
    _require(by)
    with transaction.atomic():
        hook = Hook.objects.select_for_update(no_key=True, of=("self",)).get(deliveries=delivery_id)
        delivery = Delivery.objects.select_for_update().get(pk=delivery_id)
        if hook.stopped_at:
            raise Refusal(_("It is switched off. Switch it on first."), rule="stopped")
        delivery.state, delivery.attempts, delivery.done_at = Delivery.State.WAITING, 0, None
        delivery.next_at = clock.now()
        delivery.save(update_fields=["state", "attempts", "done_at", "next_at"])
        Hook.objects.filter(pk=hook.pk).update(rests_until=None)
        _record("hook.replayed", hook, by, {"delivery": delivery.pk, "event": delivery.event_id})
    return delivery


def switch_off_dead(hook: Hook, *, by: Actor, why: str) -> None:
    """Off, with an alarm to its person and to everybody who connects systems. Call it with the hook locked."""
    hook.stopped_at, hook.stopped_why = clock.now(), why
    hook.save(update_fields=["stopped_at", "stopped_why"])
    _record("hook.stopped", hook, by, {"why": why})
    for person in people():
        if person.pk != hook.person_id and not person.may("manage_sources"):
            continue
        with translation.override(person.language):
            notify(
                [person],
                kind="alarm",
                key=f"hook:{hook.pk}",
                title=_("Webhook “{title}” is switched off").format(title=hook.title),
                body=why,
                url=f"/settings/webhooks/{hook.pk}",
                urgent=True,
            )


def _require(by: Actor) -> None:
    if not by.may("manage_sources"):
        raise Refusal(_("Your role does not connect other systems."), rule="role")


def _checked(title: str, url: str, kinds: Collection[str]) -> tuple[str, list[str]]:
    title, errors = title.strip(), {}
    if not title or len(title) > LONGEST_TITLE:
        errors["title"] = _("Name the system at that address.")
    chosen = [kind for kind in KINDS if kind in kinds]
    if not chosen or len(chosen) != len(set(kinds)):
        errors["kinds"] = _("Choose what it is told.")
    try:
        target_of(url)
    except Unfit:
        errors["url"] = _("An address in the open net that starts with https:// is needed.")
    except OSError:
        errors["url"] = _("This name is not found in the net.")
    if errors:
        raise FieldErrors(errors)
    return title, chosen


def _record(kind: str, hook: Hook, by: Actor, data: dict | None = None) -> None:
    facts = {"hook": hook.pk, "title": hook.title, **(data or {})}
    record(kind, Refs(audience=STAFF_AUDIENCE), by=by, data=facts)
