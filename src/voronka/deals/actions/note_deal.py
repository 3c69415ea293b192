from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from voronka.clients.models import Company, Note
from voronka.kernel import access, clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors, Refusal

from ..models import Deal
from . import mentions
from ._rows import record_deal
from .keep_files import check_files, keep_files


def add_note(deal_id: int, *, by: Actor, text: str, uploads: Sequence[UploadedFile] = ()) -> Note:
    """A note in a deal, with files or without. Whoever sees the deal may write one, also who only keeps reading.

    Colleagues named by «@» who see the deal are told.
    """
    if not text.strip() and not uploads:
        raise FieldErrors({"text": _("Write something first.")})
    check_files(uploads)
    with transaction.atomic():
        deal = Deal.objects.get(pk=deal_id)
        if by.reach is not None and not access.sees(by.reach, deal.audience):
            raise Refusal(_("This deal is not yours."), rule="gate")
        note = Note.objects.create(
            company_id=deal.company_id,
            deal=deal,
            author_id=by.person_id,
            text=text.strip(),
            created_at=clock.now(),
        )
        files = [attachment.pk for attachment in keep_files(deal, uploads, by)]
        named = mentions.tell(deal, note, by) if "@" in note.text else []
        more = {key: ids for key, ids in (("files", files), ("mentions", named)) if ids}
        record_deal("note.added", deal, by, {"note": note.pk, "text": note.text, **more})
    return note


def attach_inquiry(
    deal_id: int,
    *,
    by: Actor,
    text: str,
    touch: Mapping[str, Any],
    entry: int,
    source: str,
    details: Mapping[str, Any] | None = None,
) -> Deal:
    """A further inquiry of a client whose deal is open: into its timeline, marked unread, last touch renewed.

    `details` is what else the client sent (answers, cart, payment), kept in the event.
    """
    with transaction.atomic():
        deal = Deal.objects.select_for_update().get(pk=deal_id)
        deal.last_touch, deal.utm = dict(touch), touch.get("utm", {})
        deal.is_unread = True
        deal.version += 1
        deal.save(update_fields=["last_touch", "utm", "is_unread", "version"])
        Company.objects.filter(pk=deal.company_id).update(last_interaction_at=clock.now())
        record_deal(
            "inquiry.attached",
            deal,
            by,
            {**(details or {}), "text": text, "entry": entry, "source": source, "touch": dict(touch)},
        )
    return deal
