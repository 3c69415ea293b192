"""Notes of a deal: written in the composer, then edited, deleted, put back, pinned where they stand."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from voronka.clients.models import Note
from voronka.deals import fields
from voronka.deals import notes as kept
from voronka.deals.actions import add_note, delete_note, edit_note, pin_note, restore_note
from voronka.deals.actions.mentions import blind_to
from voronka.deals.models import Deal
from voronka.kernel.errors import FieldErrors
from voronka.kernel.once import once
from voronka.web.requests import PersonRequest

from . import timeline
from .answers import changed, toast
from .entry import deal_of, typed


@login_required
@require_POST
def notes(request: PersonRequest, deal_id: int) -> HttpResponse:
    deal = deal_of(request, deal_id)
    text, uploads = request.POST.get("text", ""), request.FILES.getlist("files")
    with once(request.user.pk, request.POST.get("once", "")) as is_first:
        if is_first:
            add_note(deal_id, by=request.user.actor, text=text, uploads=uploads)
    return _written(request, deal, text)


@login_required
@require_http_methods(["GET", "PUT"])
def note(request: PersonRequest, deal_id: int, note_id: int) -> HttpResponse:
    """The dialog of its text, and the new text."""
    deal = deal_of(request, deal_id)
    found = _note(deal, note_id)
    if found.author_id != request.user.pk:
        raise Http404
    text, errors = found.text, {}
    if request.method == "PUT":
        text = typed(request).get("text", "")
        try:
            edit_note(note_id, by=request.user.actor, text=text)
        except FieldErrors as wrong:
            errors = wrong.errors
        else:
            return _written(request, deal, text)
    context = {"deal": deal, "note": found, "text": text, "errors": errors}
    return render(request, "deals/note.html", context, status=422 if errors else 200)


@login_required
@require_POST
def deletion(request: PersonRequest, deal_id: int, note_id: int) -> HttpResponse:
    deal = deal_of(request, deal_id)
    delete_note(_note(deal, note_id).pk, by=request.user.actor)
    undo = {"url": f"/deals/{deal.pk}/notes/{note_id}/restoration", "method": "post"}
    return toast(changed(request, deal), _("Note deleted"), undo=undo)


@login_required
@require_POST
def restoration(request: PersonRequest, deal_id: int, note_id: int) -> HttpResponse:
    deal = deal_of(request, deal_id)
    restore_note(_note(deal, note_id, deleted=True).pk, by=request.user.actor)
    return changed(request, deal)


@login_required
@require_POST
def pin(request: PersonRequest, deal_id: int, note_id: int, *, pinned: bool) -> HttpResponse:
    deal = deal_of(request, deal_id)
    pin_note(_note(deal, note_id).pk, by=request.user.actor, pinned=pinned)
    return changed(request, deal)


@login_required
@require_safe
def history(request: PersonRequest, deal_id: int, note_id: int) -> HttpResponse:
    """Every text it had. What was deleted is shown to its author only."""
    deal, by = deal_of(request, deal_id), request.user.actor
    found = Note.with_deleted.filter(deal=deal, pk=note_id).first()
    if found is None or (found.deleted_at and found.author_id != request.user.pk):
        raise Http404
    events = kept.history(deal, found)
    told = timeline.teller(deal, events, by, fields.specs(by), {})
    texts = [(event, told.who(event), _text(event.kind, event.data)) for event in events if event.kind in _ACTS]
    acts = {kind: title() for kind, title in _ACTS.items()}
    return render(request, "deals/notehistory.html", {"deal": deal, "texts": texts, "acts": acts})


_ACTS = {
    "note.added": lambda: _("written"),
    "note.edited": lambda: _("edited"),
    "note.deleted": lambda: _("deleted"),
    "note.restored": lambda: _("put back"),
}


def _text(kind: str, data: dict) -> str:
    if kind == "note.edited":
        return str(data["changes"]["text"][1])
    return str(data.get("text", "")) if kind == "note.added" else ""


def _note(deal: Deal, note_id: int, *, deleted: bool = False) -> Note:
    found = Note.with_deleted.filter(deal=deal, pk=note_id, deleted_at__isnull=not deleted).first()
    if found is None:
        raise Http404
    return found


def _written(request: PersonRequest, deal: Deal, text: str) -> HttpResponse:
    """The news; whoever was named but does not see the deal is told of to the author."""
    answer = changed(request, deal)
    if blind := blind_to(deal, text):
        names = ", ".join(person.name for person in blind)
        told = ngettext(
            "%(names)s does not see this deal and was not told of the note.",
            "%(names)s do not see this deal and were not told of the note.",
            len(blind),
        )
        return toast(answer, told % {"names": names})
    return answer
