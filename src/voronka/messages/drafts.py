"""Drafts: messages that lie in a deal, one for each channel, until a person sends them or throws them away."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors, Refusal
from voronka.kernel.events import record_many

from . import jobs
from .actions import Whom
from .history import message_event, record_message
from .models import Message
from .ports import channels
from .queries import Way

LONGEST_SUBJECT, LONGEST_TEXT = 200, 5000


@dataclass(frozen=True, kw_only=True)
class Draft:
    """To whom, by what way, and what."""

    whom: Whom
    way: Way
    text: str
    subject: str = ""


def keep_drafts(drafts: Sequence[Draft], *, by: Actor) -> None:
    """Lay them down. Inside the transaction of whoever has locked their deals."""
    now = clock.now()
    rows = [
        Message(
            company=draft.whom.company,
            contact=draft.way.contact,
            deal_id=draft.whom.deal_id,
            channel=draft.way.channel,
            address=draft.way.address,
            subject=draft.subject,
            text=draft.text,
            state=Message.State.DRAFT,
            written_by_id=by.person_id,
            created_at=now,
            due_at=now,
        )
        for draft in drafts
    ]
    kept = Message.objects.bulk_create(rows)
    told = zip(kept, drafts, strict=True)
    record_many([message_event("message.drafted", row, by, draft.whom.audience) for row, draft in told], by=by)


def send_draft(draft: Message, *, by: Actor, text: str, subject: str, audience: Sequence[str]) -> None:
    """Send it as it is written now. `draft` is locked by the transaction that asks. Raises FieldErrors, Refusal."""
    _require(draft)
    check(text=text, subject=subject)
    channel = channels().get(draft.channel)
    if channel is None or not channel.is_set_up():
        raise Refusal(_("The channel is not set up any more."), rule="channel")
    draft.text, draft.subject = text.strip(), subject.strip()
    draft.state, draft.due_at, draft.written_by_id = Message.State.QUEUED, clock.now(), by.person_id
    draft.save(update_fields=["text", "subject", "state", "due_at", "written_by"])
    record_message("message.written", draft, by, audience)
    jobs.send.defer(message=draft.pk)


def drop_draft(draft: Message, *, by: Actor, audience: Sequence[str]) -> None:
    """Throw it away. `draft` is locked by the transaction that asks."""
    _require(draft)
    draft.state = Message.State.DROPPED
    draft.save(update_fields=["state"])
    record_message("message.dropped", draft, by, audience)


def check(*, text: str, subject: str) -> None:
    """Raises FieldErrors."""
    errors = {}
    if not text.strip():
        errors["text"] = _("Write something first.")
    elif len(text) > LONGEST_TEXT:
        errors["text"] = _("At most %(most)s characters.") % {"most": LONGEST_TEXT}
    if len(subject) > LONGEST_SUBJECT or "\n" in subject:
        errors["subject"] = _("At most %(most)s characters in one line.") % {"most": LONGEST_SUBJECT}
    if errors:
        raise FieldErrors(errors)


def _require(draft: Message) -> None:
    if draft.state != Message.State.DRAFT:
        raise Refusal(_("This draft was sent or thrown away already."), rule="state")
