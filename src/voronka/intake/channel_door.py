"""`/in/<key>` of a channel's connection: greetings of the set-up, and deliveries that surely come from the channel.

What can't be verified is not kept: anybody could fill the ledger. What is verified is kept whatever it says.
"""

from uuid import uuid4

from django.utils.translation import gettext as _

from voronka.channels import registry
from voronka.channels.port import Account, Channel, Unreadable
from voronka.kernel import clock

from .delivery import Delivery, clean, kept_headers
from .directory import KnownSource
from .profiles import Reply
from .profiles.channel import reply_of
from .wire import Receive, Scope, client_address, read_body
from .writer import Row, Writer

#: A letter with attachments is the largest thing a channel posts.
LARGEST_BODY = 32 * 1024 * 1024


async def accept(writer: Writer, source: KnownSource, scope: Scope, receive: Receive) -> Reply:
    """Kept and committed before it is acknowledged."""
    channel, account = registry.channel(source.profile), source.account
    body, whole = await read_body(receive, LARGEST_BODY)
    delivery = _delivery(scope, body)
    if greeting := channel.greet(account, delivery, scope["method"]):
        return reply_of(greeting)
    if scope["method"] != "POST":
        return Reply(status=405, body="POST", headers={"allow": "POST"})
    if not _is_verified(channel, account, delivery):
        return Reply(status=403, body="forbidden")
    if not source.is_active:
        return Reply(status=410, body="gone")
    row = _row(source, scope, delivery, _key(channel, delivery))
    if not whole:
        row.account, row.reason, row.settled_at = "rejected", _("larger than 32 MB"), delivery.received_at
    await writer.keep(row)
    return reply_of(channel.answer(delivery))


def _delivery(scope: Scope, body: bytes) -> Delivery:
    """With all headers as they came: some of them are what it is verified by."""
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    return Delivery(
        body=body,
        content_type=headers.get("content-type", ""),
        headers=headers,
        query=clean(scope.get("query_string", b"").decode("latin-1"))[:8000],
        received_at=clock.now(),
    )


def _is_verified(channel: Channel, account: Account, delivery: Delivery) -> bool:
    try:
        return channel.verify(account, delivery)
    except Unreadable:
        return False


def _key(channel: Channel, delivery: Delivery) -> str | None:
    try:
        return channel.delivery_key(delivery)
    except Unreadable:
        return None


def _row(source: KnownSource, scope: Scope, delivery: Delivery, key: str | None) -> Row:
    headers = kept_headers(scope["headers"])
    return Row(
        source_id=source.id,
        received_at=delivery.received_at,
        remote_address=client_address(scope, headers),
        headers=headers,
        query=delivery.query,
        content_type=delivery.content_type,
        body=delivery.body,
        # Its own key makes also a nameless row safe to write again when a commit's outcome is unknown.
        delivery_key=key or f"once:{uuid4().hex}",
    )
