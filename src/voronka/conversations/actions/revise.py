"""What we change in messages that have gone, where the channel lets us."""

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors, Refusal

from .. import jobs
from ..models import Message
from ._rows import allowed, facts_of, refresh, tell


def edit(message_id: int, *, by: Actor, text: str) -> Message:
    """Another text. Raises FieldErrors, Refusal."""
    text = text.strip()
    if not text:
        raise FieldErrors({"text": _("Write something first.")})
    with transaction.atomic():
        message = _own(message_id, by)
        assert message.line is not None
        can = message.line.connection.channel.can
        if not can.edit:
            raise Refusal(_("A message that has gone can't be changed in this channel."), rule="channel")
        if len(text) > can.longest:
            raise FieldErrors({"text": _("At most {number} characters here.").format(number=can.longest)})
        before, message.text, message.edited_at = message.text, text, clock.now()
        message.save(update_fields=["text", "edited_at"])
        _tell("message.edited", message, by, before=before)
        jobs.change.defer(message=message.pk, act="edit")
    return message


def delete(message_id: int, *, by: Actor) -> Message:
    """Take it back at the client's. What it said stays with the event."""
    with transaction.atomic():
        message = _own(message_id, by)
        assert message.line is not None
        if not message.line.connection.channel.can.delete:
            raise Refusal(_("A message that has gone can't be taken back in this channel."), rule="channel")
        before, message.text, message.deleted_at = message.text, "", clock.now()
        message.save(update_fields=["text", "deleted_at"])
        _tell("message.deleted", message, by, before=before)
        jobs.change.defer(message=message.pk, act="delete")
    return message


def _own(message_id: int, by: Actor) -> Message:
    message = Message.objects.select_related("line__connection", "deal").get(pk=message_id, way=Message.Way.OUT)
    allowed(message.company_id, by)
    if by.reach is not None and message.author_id != by.person_id:
        raise Refusal(_("Somebody else has written it."), rule="author")
    if message.state not in Message.GONE or message.deleted_at is not None:
        raise Refusal(_("It has not gone yet."), rule="state")
    return message


def _tell(kind: str, message: Message, by: Actor, *, before: str) -> None:
    row = refresh(allowed(message.company_id, by), message.deal)
    changes = {"text": [before, message.text]}
    tell(kind, row, by, {**facts_of(message), "changes": changes}, deal=message.deal)
