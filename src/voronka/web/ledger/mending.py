"""What people do with an entry: mend the mapping and read again, reject, call it spam."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from voronka.intake.actions import mark_spam, mend_mapping, reject, replay
from voronka.intake.models import Entry
from voronka.intake.queries import diagnosis
from voronka.kernel.errors import FieldErrors
from voronka.web.requests import PersonRequest
from voronka.web.settings.access import permission_needed as needs
from voronka.web.tasks.answers import told

from .views import entry_context, get_entry, here


@needs("repair_ledger")
@require_POST
def mending(request: PersonRequest, entry_id: int) -> HttpResponse:
    """Say what a field is, from now on, and read again: all that it mends, or only this entry."""
    found = get_entry(request, entry_id)
    name, target = request.POST.get("field", ""), request.POST.get("target", "")
    remedy = diagnosis(found) if request.POST.get("which") == "all" else None
    if name and target:
        try:
            mend_mapping(found.source_id, by=request.user.actor, mapping={**found.source.mapping, name: target})
        except FieldErrors as error:
            return _side(request, found, status=422, errors={"target": " ".join(error.errors.values())})
    # What the button counted: found under the mapping as it was.
    ids = [found.pk, *(remedy.entry_ids if remedy else ())]
    number = replay(ids, by=request.user.actor)
    text = ngettext("%(num)s entry is read again", "%(num)s entries are read again", number) % {"num": number}
    return told(_side(request, get_entry(request, entry_id)), text)


@needs("repair_ledger")
@require_http_methods(["GET", "POST"])
def rejection(request: PersonRequest, entry_id: int) -> HttpResponse:
    """GET asks for the reason, POST rejects."""
    found = get_entry(request, entry_id)
    if request.method == "GET":
        return render(request, "ledger/reject.html", {"entry": found, "reason": "", "errors": {}})
    reason = request.POST.get("reason", "")
    try:
        reject(found.pk, by=request.user.actor, reason=reason)
    except FieldErrors as error:
        context = {"entry": found, "reason": reason, "errors": error.errors}
        return render(request, "ledger/reject.html", context, status=422)
    return told(_side(request, get_entry(request, entry_id)), _("The entry is rejected"))


@needs("repair_ledger")
@require_POST
def spam(request: PersonRequest, entry_id: int) -> HttpResponse:
    found = get_entry(request, entry_id)
    mark_spam(found.pk, by=request.user.actor)
    return told(_side(request, get_entry(request, entry_id)), _("The entry is put aside as spam"))


def _side(request: PersonRequest, found: Entry, *, status: int = 200, **more: object) -> HttpResponse:
    """The entry as it is now."""
    if not request.htmx:
        return redirect("ledger-entry", found.pk)
    context = entry_context(request, found, here(request, entry=found), **more)
    return render(request, "ledger/entry.html", context, status=status)
