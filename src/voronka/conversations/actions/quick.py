"""Quick replies: one's own, and shared ones, kept by those who manage the process."""

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.kernel import clock
from voronka.kernel.access import EVERYTHING
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors, Refusal
from voronka.kernel.events import Refs, record

from ..models import QuickReply

LONGEST_KEY, LONGEST_TEXT = 40, 4000


def save_quick_reply(*, by: Actor, key: str, text: str, shared: bool, reply: QuickReply | None = None) -> QuickReply:
    """A new one, or a known one written anew. Raises FieldErrors, Refusal."""
    key, text = key.strip().lstrip("/").lower(), text.strip()
    errors = {}
    if not key or len(key) > LONGEST_KEY or " " in key:
        errors["key"] = _("One word, at most {number} characters.").format(number=LONGEST_KEY)
    if not text or len(text) > LONGEST_TEXT:
        errors["text"] = _("From 1 to {number} characters.").format(number=LONGEST_TEXT)
    owner = None if shared else by.person_id
    same = QuickReply.objects.filter(owner=owner, key=key).exclude(pk=reply.pk if reply else 0)
    if not errors and same.exists():
        errors["key"] = _("There is such a reply already.")
    if errors:
        raise FieldErrors(errors)
    with transaction.atomic():
        reply = reply or QuickReply(owner_id=by.person_id, created_at=clock.now())
        _require(reply, by, shared)
        reply.key, reply.text, reply.owner_id = key, text, owner
        reply.save()
        _tell("quick_reply.saved", reply, by)
    return reply


def remove_quick_reply(reply: QuickReply, *, by: Actor) -> None:
    with transaction.atomic():
        _require(reply, by, reply.owner_id is None)
        _tell("quick_reply.removed", reply, by)
        reply.delete()


def _require(reply: QuickReply, by: Actor, shared: bool) -> None:
    if (shared or (reply.pk and reply.owner_id is None)) and not by.may("manage_process"):
        raise Refusal(_("Shared replies are kept by those who manage the process."), rule="role")
    if reply.owner_id not in (None, by.person_id):
        raise Refusal(_("This reply is not yours."), rule="role")


def _tell(kind: str, reply: QuickReply, by: Actor) -> None:
    audience = [EVERYTHING] if reply.owner_id is None else [f"p:{reply.owner_id}"]
    record(kind, Refs(audience=audience), by=by, data={"reply": reply.pk, "key": reply.key, "text": reply.text})
