"""Versions: who changed what, when and why; an older one as a file, or back in force."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from voronka.process import drafts, history
from voronka.process.models import Version
from voronka.web.requests import PersonRequest
from voronka.web.settings.answers import done

from .access import editing_needed, seeing_needed
from .shown import shown_to


@seeing_needed
@require_safe
def versions(request: PersonRequest) -> HttpResponse:
    before = request.GET.get("before", "")
    if before and not (before.isascii() and before.isdecimal() and len(before) < 18):
        raise Http404
    told = history.versions(before=int(before) if before else None)
    facts = {
        "current": "process",
        "shown": shown_to(request.user),
        "told": told,
        "more": told[-1].version.pk if len(told) == history.PAGE and not told[-1].is_first else None,
        "may_edit": request.user.may("manage_process"),
    }
    return render(request, "process/versions.html", facts)


@seeing_needed
@require_safe
def file(request: PersonRequest, number: int) -> HttpResponse:
    version = get_object_or_404(Version, pk=number)
    answer = HttpResponse(version.document, content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="process-{version.pk}.yaml"'
    return answer


@editing_needed
@require_POST
def restore(request: PersonRequest, number: int) -> HttpResponse:
    """An older version becomes the draft: what it would change is read before it is switched on."""
    version = get_object_or_404(Version, pk=number)
    what = _("Back to version {number}").format(number=version.pk)
    drafts.put(version.document, what=what, by=request.user.actor)
    return done(request, reverse("process-draft"))
