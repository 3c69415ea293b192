"""What we write to clients. A message goes a few seconds after it was written: until then it can be taken back."""

import mimetypes
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from uuid import uuid4

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from voronka.channels.port import PartKind
from voronka.clients.models import Company, Identity
from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors, Refusal
from voronka.kernel.live import announce
from voronka.kernel.models import Attachment
from voronka.staff.models import Person

from .. import queries, rules
from ..models import Conversation, Draft, Line, Message, Part
from ._rows import allowed, facts_of, open_deal_of, refresh, renew_audience, tell, touch_client
from .receive import open_line

#: The way back after «Send».
REGRET = timedelta(seconds=5)
MOST_FILES = 10


def write(
    line_id: int,
    *,
    by: Actor,
    text: str,
    uploads: Sequence[UploadedFile] = (),
    reply_to: int | None = None,
    due_at: datetime | None = None,
    at_once: bool = False,
) -> list[Message]:
    """Queue an answer: one message a file, the text with the first. `due_at` later: a scheduled one.

    Whoever answers an untaken conversation has taken it. Raises FieldErrors, Refusal.
    """
    line = Line.objects.select_related("connection__source").get(pk=line_id)
    kinds = [_kind_of(upload) for upload in uploads]
    _check(line, text.strip(), uploads, kinds, due_at)
    with transaction.atomic():
        row = allowed(line.company_id, by)
        if line.barred_at:
            raise Refusal(_("The client has stopped our messages here."), rule="barred")
        deal = open_deal_of(line.company_id)
        now = clock.now()
        texts = [text.strip(), *[""] * max(len(uploads) - 1, 0)]
        made = []
        for number, said in enumerate(texts):
            message = Message.objects.create(
                company_id=line.company_id,
                line=line,
                deal=deal,
                way=Message.Way.OUT,
                state=Message.State.QUEUED,
                at=due_at or now,
                turn=number,
                text=said,
                reply_to=_foreign(line, reply_to) if number == 0 else "",
                author_id=by.person_id,
                rule=by.why if by.kind == "rule" else "",
                due_at=due_at or (now if at_once else now + REGRET),
            )
            if uploads:
                _attach(message, uploads[number], kinds[number], by)
            made.append(message)
        if by.person_id and row.taken_by_id is None:
            _take(row, by)
        Draft.objects.filter(company_id=line.company_id, person=by.person_id or 0).delete()
        touch_client(line.company_id)
        row = refresh(row, deal)
        tell("message.written", row, by, facts_of(made[0]), deal=deal)
    return made


def cancel(message_id: int, *, by: Actor) -> Message:
    """Take back what has not gone yet; its text is a draft again."""
    with transaction.atomic():
        message = _own(message_id, by)
        if message.state != Message.State.QUEUED:
            raise Refusal(_("It is on its way already."), rule="state")
        message.state = Message.State.CANCELLED
        message.save(update_fields=["state"])
        if by.person_id and message.text:
            save_draft(message.company_id, by=by, text=message.text, line=str(message.line_id or ""))
        _retell("message.cancelled", message, by)
    return message


def retry(message_id: int, *, by: Actor) -> Message:
    """Send again what failed, or what nobody knows about when a person says that it did not arrive."""
    with transaction.atomic():
        message = _own(message_id, by)
        if message.state not in (Message.State.FAILED, Message.State.UNKNOWN):
            raise Refusal(_("It is on its way already."), rule="state")
        message.state, message.why, message.permanent, message.tries = Message.State.QUEUED, "", False, 0
        message.due_at = clock.now()
        message.save(update_fields=["state", "why", "permanent", "tries", "due_at"])
        _retell("message.written", message, by)
    return message


def confirm(message_id: int, *, by: Actor) -> Message:
    """A person has seen that a message of unknown fate arrived."""
    with transaction.atomic():
        message = _own(message_id, by)
        if message.state != Message.State.UNKNOWN:
            raise Refusal(_("What became of it is known."), rule="state")
        message.state, message.why, message.sent_at = Message.State.SENT, "", clock.now()
        message.save(update_fields=["state", "why", "sent_at"])
        _retell("message.sent", message, by)
    return message


def send_now(message_id: int, *, by: Actor) -> Message:
    """A scheduled one goes at once."""
    with transaction.atomic():
        message = _own(message_id, by)
        if message.state == Message.State.QUEUED:
            message.due_at = message.at = clock.now()
            message.save(update_fields=["due_at", "at"])
            _retell("message.written", message, by)
    return message


def save_draft(company_id: int, *, by: Actor, text: str, line: str = "") -> None:
    """An empty text forgets it."""
    if not text.strip():
        Draft.objects.filter(company_id=company_id, person=by.person_id or 0).delete()
        return
    Draft.objects.update_or_create(
        company_id=company_id,
        person_id=by.person_id or 0,
        defaults={"text": text[:20_000], "line": line[:20], "saved_at": clock.now()},
    )


def _own(message_id: int, by: Actor) -> Message:
    message = Message.objects.select_related("line__connection__source", "deal").get(pk=message_id, way=Message.Way.OUT)
    allowed(message.company_id, by)
    return Message.objects.select_for_update(of=("self",)).select_related("line__connection", "deal").get(pk=message_id)


def _retell(kind: str, message: Message, by: Actor) -> None:
    row = refresh(allowed(message.company_id, by), message.deal)
    tell(kind, row, by, facts_of(message), deal=message.deal)


def _take(row: Conversation, by: Actor) -> None:
    row.taken_by_id, row.taken_seat, row.taken_at = by.person_id, by.seat_id, clock.now()
    row.save(update_fields=["taken_by", "taken_seat", "taken_at"])
    renew_audience(row)


def _foreign(line: Line, reply_to: int | None) -> str:
    if reply_to is None:
        return ""
    return line.messages.filter(pk=reply_to).values_list("foreign_id", flat=True).first() or ""


def _check(
    line: Line, text: str, uploads: Sequence[UploadedFile], kinds: Sequence[PartKind], due_at: datetime | None
) -> None:
    can, errors = line.connection.channel.can, {}
    if not text and not uploads:
        errors["text"] = _("Write something first.")
    longest = can.longest_caption if uploads else can.longest
    if len(text) > longest:
        errors["text"] = _("At most {number} characters here, these are {these}.").format(
            number=longest, these=len(text)
        )
    if len(uploads) > MOST_FILES:
        errors["files"] = _("At most {number} files at once.").format(number=MOST_FILES)
    for upload, kind in zip(uploads, kinds, strict=True):
        if kind not in can.files:
            errors["files"] = _("{name}: this channel takes no such files.").format(name=upload.name)
        if (upload.size or 0) > can.largest:
            size = can.largest // (1024 * 1024)
            errors["files"] = _("{name} is larger than {size} MB.").format(name=upload.name, size=size)
    if due_at is not None and due_at < clock.now():
        errors["due_at"] = _("This moment is over.")
    if not rules.is_within(can, line.heard_at, due_at or clock.now()):
        errors["text"] = _("{hours} hours after the client's last message this channel takes only templates.").format(
            hours=can.hours
        )
    if errors:
        raise FieldErrors(errors)


def _kind_of(upload: UploadedFile) -> PartKind:
    guessed = mimetypes.guess_type(upload.name or "")[0] or upload.content_type or ""
    if guessed in ("image/jpeg", "image/png", "image/webp"):
        return PartKind.PICTURE
    if guessed in ("audio/ogg", "audio/webm") and (upload.name or "").startswith("voice"):
        return PartKind.VOICE
    return PartKind.VIDEO if guessed == "video/mp4" else PartKind.FILE


def _attach(message: Message, upload: UploadedFile, kind: PartKind, by: Actor) -> None:
    name = PurePosixPath((upload.name or "").replace("\\", "/")).name.strip()[:200] or _("file")
    attachment = Attachment(
        name=name,
        content_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
        size=upload.size or 0,
        deal_id=message.deal_id,
        company_id=message.company_id,
        person_id=by.person_id,
        created_at=clock.now(),
    )
    attachment.file.save(uuid4().hex, upload, save=False)
    attachment.save()
    Part.objects.create(
        message=message,
        kind=kind,
        title=name,
        content_type=attachment.content_type,
        size=attachment.size,
        attachment=attachment,
    )


def say_typing(row: Conversation, person: Person) -> None:
    """Open pages of the others show who is writing; kept nowhere."""
    facts = {"kind": "typing", "company": None, "typing": row.company_id, "who": person.pk, "name": person.name}
    announce(facts, audience=row.audience)


def line_by(key: str, company_id: int, *, by: Actor) -> Line:
    """The line of a way (`queries.ways`): one the client has, or the first word by an address of theirs."""
    kind, rest = key[:1], key[1:]
    with transaction.atomic():
        allowed(company_id, by)
        company = Company.objects.get(pk=company_id)
        known = Line.objects.filter(pk=int(rest), company=company) if kind == "l" and rest.isdecimal() else ()
        if found := next(iter(known), None):
            return found
        for way in queries.ways(company):
            if way.key == key and way.line is None:
                contact = Identity.objects.get(pk=int(rest.partition(":")[2])).contact
                return open_line(way.connection, way.address, contact=contact, name=contact.name)
    raise FieldErrors({"line": _("Choose how to write.")})
