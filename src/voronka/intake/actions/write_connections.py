"""Writes about connections: accounts of ours in channels. Each has its source in the ledger, made with it."""

import re
import secrets
from collections.abc import Callable, Mapping
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.channels import registry
from voronka.channels.models import Connection
from voronka.channels.port import Blank, Channel, NotSent, Refused
from voronka.kernel import clock
from voronka.kernel.access import EVERYTHING
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors, Refusal
from voronka.kernel.events import Refs, record
from voronka.staff.models import Brand, Location

from ..models import Source
from .write_sources import new_key

T = TypeVar("T")

#: A channel's own pace is its limit: what it sends is all from clients.
UNLIMITED = 1_000_000


def add_connection(
    kind: str, *, by: Actor, title: str = "", brand: Brand | None = None, location: Location | None = None
) -> Connection:
    """A connection that is yet to be set up."""
    _require(by)
    if kind not in registry.known():
        raise FieldErrors({"kind": _("Choose from the list.")})
    channel = registry.channel(kind)
    now = clock.now()
    with transaction.atomic():
        title = title.strip()[:200] or str(channel.title)
        source = Source.objects.create(
            key=new_key(),
            title=title,
            profile=kind,
            channel=kind,
            brand=brand or (location.brand if location else None),
            location=location,
            honeypot="",
            per_address=UNLIMITED,
            per_source=UNLIMITED,
            created_at=now,
        )
        receives = Connection.Receives.WEBHOOK if channel.can.webhook else Connection.Receives.POLL
        row = Connection(source=source, kind=kind, title=title, receives=receives, created_at=now)
        row.secrets = {"hook_secret": secrets.token_urlsafe(32)}
        row.save()
        _tell("connection.added", row, by)
    return row


def fill_connection(connection_id: int, *, by: Actor, values: Mapping[str, str]) -> Connection:
    """What the set-up form asks; empty secrets stay as they are. Raises FieldErrors."""
    _require(by)
    with transaction.atomic():
        row = _locked(connection_id)
        kept, hidden, errors = dict(row.settings), row.secrets, {}
        for blank in _blanks(row.channel):
            if blank.key not in values:
                continue
            value = values[blank.key].strip()
            if blank.secret and not value and hidden.get(blank.key):
                continue
            if not value and blank.needed:
                errors[blank.key] = _("This is needed.")
            elif value and blank.pattern and not _fits(blank.pattern, value):
                errors[blank.key] = _("This does not look right: it was not copied whole.")
            (hidden if blank.secret else kept)[blank.key] = value
        if errors:
            raise FieldErrors(errors)
        row.settings, row.secrets = kept, hidden
        row.save(update_fields=["settings", "sealed"])
        _tell("connection.filled", row, by)
    return row


def change_connection(
    connection_id: int,
    *,
    by: Actor,
    title: str,
    brand: Brand | None,
    location: Location | None,
    answer_minutes: int,
    receives: str,
) -> Connection:
    """What is ours to say about it. Raises FieldErrors."""
    _require(by)
    errors = {}
    if not title.strip():
        errors["title"] = _("Write what people shall call it.")
    if not 1 <= answer_minutes <= 7 * 24 * 60:
        errors["answer_minutes"] = _("Write a number from 1 to {most}.").format(most=7 * 24 * 60)
    with transaction.atomic():
        row = _locked(connection_id)
        can = row.channel.can
        if receives not in Connection.Receives.values or not (can.poll if receives == "poll" else can.webhook):
            errors["receives"] = _("Choose from the list.")
        if errors:
            raise FieldErrors(errors)
        row.title, row.answer_minutes, row.receives = title.strip()[:200], answer_minutes, receives
        row.save(update_fields=["title", "answer_minutes", "receives"])
        row.source.title, row.source.location = row.title, location
        row.source.brand = brand or (location.brand if location else None)
        row.source.save(update_fields=["title", "brand", "location"])
        _tell("connection.changed", row, by)
    return row


def switch_on(connection_id: int, *, by: Actor) -> Connection:
    """Make the channel deliver to us. Raises Refusal with the channel's reason."""
    _require(by)
    row = Connection.objects.select_related("source").get(pk=connection_id)
    if row.receives == Connection.Receives.WEBHOOK and not row.address:
        raise Refusal(
            _("Say how this installation is reached from outside (VORONKA_BASE_URL), or let us ask the channel.")
        )
    told = _asked(lambda: row.channel.connect(row.account))
    with transaction.atomic():
        row = _locked(connection_id)
        row.settings = {**row.settings, **(told or {})}
        row.state, row.trouble, row.trouble_at, row.paused_until = Connection.State.ON, "", None, None
        row.save(update_fields=["settings", "state", "trouble", "trouble_at", "paused_until"])
        Source.objects.filter(pk=row.source_id).update(is_active=True)
        _tell("connection.on", row, by)
    return row


def switch_off(connection_id: int, *, by: Actor) -> Connection:
    """It delivers to us no more; what waits to go by it waits on."""
    _require(by)
    row = Connection.objects.select_related("source").get(pk=connection_id)
    _asked(lambda: row.channel.disconnect(row.account))
    with transaction.atomic():
        row = _locked(connection_id)
        row.state = Connection.State.OFF
        row.save(update_fields=["state"])
        _tell("connection.off", row, by)
    return row


def mend_connection(connection_id: int, *, by: Actor, remedy: str) -> Connection:
    """Do what a check has offered. Raises Refusal."""
    _require(by)
    row = Connection.objects.select_related("source").get(pk=connection_id)
    _asked(lambda: row.channel.mend(row.account, remedy))
    with transaction.atomic():
        _tell("connection.mended", row, by)
    return row


def _asked(ask: Callable[[], T]) -> T:
    """What the channel answers; its refusal is ours."""
    try:
        return ask()
    except (Refused, NotSent) as error:
        raise Refusal(error.why, rule="channel") from error


def _blanks(channel: Channel) -> list[Blank]:
    return [blank for step in channel.steps for blank in step.blanks]


def _fits(pattern: str, value: str) -> bool:
    return re.fullmatch(pattern, value) is not None


def _locked(connection_id: int) -> Connection:
    return Connection.objects.select_for_update(of=("self",)).select_related("source").get(pk=connection_id)


def _require(by: Actor) -> None:
    if not by.may("manage_sources"):
        raise Refusal(_("Your role may not manage sources."), rule="role")


def _tell(kind: str, row: Connection, by: Actor) -> None:
    record(kind, Refs(audience=[EVERYTHING]), by=by, data={"connection": row.pk, "kind": row.kind, "title": row.title})
