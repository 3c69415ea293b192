"""Files of clients are brought here after their message; what we change or take back is told to the channel."""

import mimetypes
from datetime import timedelta
from pathlib import PurePosixPath
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from voronka.channels.port import NotSent, Refused
from voronka.kernel import clock
from voronka.kernel.live import announce
from voronka.kernel.models import Attachment

from .models import Conversation, Message, Part

QUEUE = "conversations"
#: Waits between tries.
PAUSES = (timedelta(seconds=5), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))


@app.task(name="conversations.fetch", queue=QUEUE)
def fetch(*, part: int, tries: int = 0) -> None:
    """Bring one file here. A second run finds it here and is done."""
    row = Part.objects.select_related("message__line__connection__source").filter(pk=part, attachment=None).first()
    if row is None or row.message.line is None:
        return
    connection = row.message.line.connection
    try:
        found = connection.channel.fetch(connection.account, row.ref)
    except Refused as error:
        if error.passing and tries < len(PAUSES):
            fetch.configure(schedule_at=clock.now() + PAUSES[tries]).defer(part=part, tries=tries + 1)
            return
        Part.objects.filter(pk=part).update(why=error.why)
    else:
        _keep(row, found.content, row.title or found.name, found.content_type or row.content_type)
    _show(row.message)


def _keep(row: Part, content: bytes, name: str, content_type: str) -> None:
    name = _named(name, content_type)
    with transaction.atomic():
        if Part.objects.select_for_update().get(pk=row.pk).attachment_id:
            return
        attachment = Attachment(
            name=name,
            content_type=content_type or mimetypes.guess_type(name)[0] or "application/octet-stream",
            size=len(content),
            deal_id=row.message.deal_id,
            company_id=row.message.company_id,
            created_at=clock.now(),
        )
        attachment.file.save(uuid4().hex, ContentFile(content), save=False)
        attachment.save()
        Part.objects.filter(pk=row.pk).update(attachment=attachment, size=len(content), why="")


def _named(name: str, content_type: str) -> str:
    name = PurePosixPath(name.replace("\\", "/")).name.strip()[:200] or _("file")
    known = "." in name or not content_type
    return name if known else name + (mimetypes.guess_extension(content_type) or "")


@app.task(name="conversations.change", queue=QUEUE)
def change(*, message: int, act: str, tries: int = 0) -> None:
    """Edit or delete at the channel's what has gone: doing it twice is doing it once."""
    row = Message.objects.select_related("line__connection__source").filter(pk=message).first()
    if row is None or row.line is None or not row.foreign_id:
        return
    connection = row.line.connection
    try:
        if act == "delete":
            connection.channel.delete(connection.account, row.line.address, row.foreign_id)
        else:
            connection.channel.edit(connection.account, row.line.address, row.foreign_id, row.text)
        why = ""
    except NotSent as error:
        if not error.permanent and tries < len(PAUSES):
            pause = timedelta(seconds=error.after) if error.after else PAUSES[tries]
            change.configure(schedule_at=clock.now() + pause).defer(message=message, act=act, tries=tries + 1)
            return
        why = error.why
    if why != row.why:
        Message.objects.filter(pk=message).update(why=why)
        _show(row)


def _show(message: Message) -> None:
    audience = Conversation.objects.values_list("audience", flat=True).get(company_id=message.company_id)
    announce({"kind": "message.state", "company": message.company_id, "message": message.pk}, audience=audience)
