"""An entry of a channel's connection: each thing it tells finds its line, its client, its deal and its thread."""

import hashlib
from dataclasses import dataclass

from django.db import connection as base
from django.utils.translation import gettext as _

from voronka.channels.models import Connection
from voronka.channels.port import Barred, Came, Deleted, Incoming, Reacted, Said, Unreadable
from voronka.clients.queries import identify
from voronka.conversations.actions import receive as thread
from voronka.conversations.models import Line
from voronka.deals.models import Deal
from voronka.kernel import actor
from voronka.kernel.actor import Actor

from ..models import Entry
from ..profiles.channel import inquiry_of
from ..reading import delivery_of
from ._place import learn, lock, open_deal, open_new

Account = Entry.Account
#: When an entry tells several things, the first of these that one of them came to is its account.
_RANK = (Account.DEAL, Account.ATTACHED, Account.DUPLICATE, Account.REJECTED)


#: So many earlier entries are looked at; more than there are workers' threads are never under way.
_UNDER_WAY = 40


class Behind(Exception):
    """An earlier entry of the same line is being settled right now: this one comes after it."""


@dataclass(frozen=True)
class End:
    account: str
    reason: str = ""


def settle_channel(entry: Entry, told: list[Incoming]) -> End:
    """Sets the entry's deal; answers its account. Raises `NotYet` when it speaks of a message that has not come yet."""
    connection = Connection.objects.select_related("source").get(source_id=entry.source_id)
    by = actor.client(entry.source.title)
    _lock_lines(connection, told)
    _wait_for_earlier(entry, connection, told)
    ends = [_settle(entry, connection, one, by) for one in told]
    if not ends:
        return End(Account.REJECTED, _("Nothing that belongs into a conversation."))
    return min(ends, key=lambda end: _RANK.index(Account(end.account)))


def _settle(entry: Entry, connection: Connection, told: Incoming, by: Actor) -> End:
    line = thread.line_of(connection, told.line)
    if isinstance(told, Said):
        return _said(entry, connection, line, told, by)
    if line is None:
        if isinstance(told, Barred):
            return End(Account.REJECTED, _("Somebody who has never written."))
        raise thread.NotYet
    if isinstance(told, Deleted):
        thread.withdraw(line, told, by=by)
    elif isinstance(told, Reacted):
        thread.react(line, told, by=by)
    elif isinstance(told, Came):
        thread.note_step(line, told, by=by)
    elif isinstance(told, Barred):
        thread.bar(line, told, by=by)
    return End(Account.ATTACHED)


def _said(entry: Entry, connection: Connection, line: Line | None, said: Said, by: Actor) -> End:
    if line is not None and (known := thread.knows(line, said.id)):
        entry.deal = entry.deal or known.deal
        if said.edited_at is not None and thread.revise(known, said, by=by):
            return End(Account.ATTACHED)
        return End(Account.DUPLICATE, _("This message is here already."))
    if line is None and said.ours:
        return End(Account.REJECTED, _("Our own word to somebody who has never written."))
    inquiry = inquiry_of(said)
    lock(inquiry)
    contact = line.contact if line else identify(inquiry.identities, name=inquiry.name)
    deal = open_deal(contact) if contact else _open_deal_of(line)
    account = Account.ATTACHED
    if deal is None and not said.ours:
        deal, account = open_new(entry, inquiry, contact, by=by), Account.DEAL
        contact = deal.contact
    if contact is not None:
        learn(contact, inquiry, by)
    if line is None:
        assert contact is not None, "a deal was opened for somebody"
        line = thread.open_line(connection, said.line, contact=contact, name=said.writer.name)
    if account == Account.ATTACHED and deal is not None and not said.ours:
        Deal.objects.filter(pk=deal.pk).update(is_unread=True)
    thread.receive(line, said, deal=deal, by=by)
    entry.deal = entry.deal or deal
    return End(account)


def _open_deal_of(line: Line | None) -> Deal | None:
    """Of a line whose contact is gone."""
    contact = line.company.contacts.order_by("pk").first() if line else None
    return open_deal(contact) if contact else None


def _wait_for_earlier(entry: Entry, connection: Connection, told: list[Incoming]) -> None:
    """Another thread may have taken an earlier entry and not yet come to the lock. What has been tried before does not
    count: it waits for something itself. Raises Behind."""
    lines = {one.line for one in told}
    waiting = Entry.objects.filter(source_id=entry.source_id, account=Account.WAITING, pk__lt=entry.pk, attempts=None)
    for other in waiting.order_by("-pk")[:_UNDER_WAY]:
        try:
            theirs = connection.channel.parse(delivery_of(other))
        except Unreadable:
            continue
        if lines.intersection(one.line for one in theirs):
            raise Behind


def _lock_lines(connection: Connection, told: list[Incoming]) -> None:
    """Till the end of the transaction nobody else settles anything of these lines: order within one is kept."""
    names = {f"line:{connection.pk}:{one.line}" for one in told}
    keys = sorted(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True) for name in names)
    with base.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(key) FROM unnest(%s::bigint[]) AS key", [keys])
