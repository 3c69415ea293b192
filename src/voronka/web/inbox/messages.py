"""What is done with messages of a thread: written, taken back, repeated, changed; their files."""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from voronka.clients.actions import add_note as note_client
from voronka.conversations import actions
from voronka.conversations.actions._rows import open_deal_of
from voronka.conversations.models import Message, Part
from voronka.deals.actions import add_note as note_deal
from voronka.kernel.errors import FieldErrors
from voronka.kernel.once import once
from voronka.web.deals.answers import toast
from voronka.web.deals.entry import typed
from voronka.web.requests import PersonRequest

from .entry import changed, message_of, row_of, row_or_first
from .thread import PICTURES, thread_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def messages(request: PersonRequest, client: int) -> HttpResponse:
    """GET: a page of older ones (`before`), or all from a place on (`since`). POST: an answer."""
    if request.method != "POST":
        row = row_of(request, client)
        before, since = request.GET.get("before", ""), request.GET.get("since", "")
        context = thread_of(row, request.user, before=before, since=since)
        return render(request, "inbox/older.html" if before else "inbox/messages.html", context)
    row_or_first(request, client)
    form = request.POST
    due_at = _moment(form.get("due_at", ""))
    reply_to = form.get("reply_to", "")
    made: list[Message] = []
    with once(request.user.pk, form.get("once", "")) as is_first:
        if is_first:
            line = actions.line_by(form.get("way", ""), client, by=request.user.actor)
            made = actions.write(
                line.pk,
                by=request.user.actor,
                text=form.get("text", ""),
                uploads=request.FILES.getlist("files"),
                reply_to=int(reply_to) if reply_to.isdecimal() and len(reply_to) < 19 else None,
                due_at=due_at,
            )
    answer = changed(request, client)
    if len(made) == 1 and due_at is None:
        address = f"/inbox/{client}/messages/{made[0].pk}/cancellation"
        return toast(answer, _("It goes in a moment"), undo={"url": address, "method": "post"}, seconds=5)
    return toast(answer, _("It will go then")) if due_at else answer


@login_required
@require_POST
def notes(request: PersonRequest, client: int) -> HttpResponse:
    """A note among colleagues: in the open deal where this person sees one, else about the client."""
    row_of(request, client)
    text, uploads = request.POST.get("text", ""), request.FILES.getlist("files")
    with once(request.user.pk, request.POST.get("once", "")) as is_first:
        if is_first:
            deal = open_deal_of(client)
            if deal and type(deal).objects.visible_to(request.user).filter(pk=deal.pk).exists():
                note_deal(deal.pk, by=request.user.actor, text=text, uploads=uploads)
            else:
                note_client(client, by=request.user.actor.unbound(), text=text)
    return changed(request, client)


@login_required
@require_http_methods(["GET", "HEAD", "PUT"])
def one(request: PersonRequest, client: int, number: int) -> HttpResponse:
    """The dialog of its text, and the new text."""
    message = message_of(row_of(request, client), number)
    text, errors = message.text, {}
    if request.method == "PUT":
        text = typed(request).get("text", "")
        try:
            actions.edit(message.pk, by=request.user.actor, text=text)
        except FieldErrors as wrong:
            errors = wrong.errors
        else:
            return changed(request, client)
    context = {"client": client, "message": message, "text": text, "errors": errors}
    return render(request, "inbox/edit.html", context, status=422 if errors else 200)


@login_required
@require_POST
def cancellation(request: PersonRequest, client: int, number: int) -> HttpResponse:
    """Its text comes back into the composer."""
    message = actions.cancel(message_of(row_of(request, client), number).pk, by=request.user.actor)
    return changed(request, client, draft={"client": client, "text": message.text})


@login_required
@require_POST
def repeat(request: PersonRequest, client: int, number: int) -> HttpResponse:
    actions.retry(message_of(row_of(request, client), number).pk, by=request.user.actor)
    return changed(request, client)


@login_required
@require_POST
def arrival(request: PersonRequest, client: int, number: int) -> HttpResponse:
    """A person knows that a message of unknown fate arrived."""
    actions.confirm(message_of(row_of(request, client), number).pk, by=request.user.actor)
    return changed(request, client)


@login_required
@require_POST
def departure(request: PersonRequest, client: int, number: int) -> HttpResponse:
    """A scheduled one goes now."""
    actions.send_now(message_of(row_of(request, client), number).pk, by=request.user.actor)
    return changed(request, client)


@login_required
@require_POST
def deletion(request: PersonRequest, client: int, number: int) -> HttpResponse:
    actions.delete(message_of(row_of(request, client), number).pk, by=request.user.actor)
    return changed(request, client)


@login_required
@require_safe
def download(request: PersonRequest, client: int, file_id: int) -> HttpResponse | FileResponse:
    """Plain pictures and sound are shown in the page; all else is downloaded."""
    row = row_of(request, client)
    part = Part.objects.filter(message__company=row.company_id, attachment=file_id).select_related("attachment").first()
    file = part.attachment if part else None
    if file is None or not file.file.name or not file.file.storage.exists(file.file.name):
        raise Http404
    shown = file.content_type in (*PICTURES, "audio/ogg", "audio/mpeg", "audio/mp4", "video/mp4")
    response = FileResponse(
        file.file.open("rb"),
        as_attachment=not shown,
        filename=file.name,
        content_type=file.content_type if shown else "application/octet-stream",
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


def _moment(text: str) -> datetime | None:
    """A moment of the person's clock, as datetime-local gives it. Raises FieldErrors."""
    if not text.strip():
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=timezone.get_current_timezone())
    except ValueError as error:
        raise FieldErrors({"due_at": _("Write a date and a time.")}) from error
