"""The draft as a whole: what it changes, what the checks say, switching it on, undo, files in and out."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from voronka.kernel.errors import Refusal
from voronka.process import checks, document, drafts, stranded
from voronka.process.document import DocumentErrors, Mistake
from voronka.process.stranded import Stranded
from voronka.staff.models import Person
from voronka.web.requests import PersonRequest
from voronka.web.settings.answers import done

from . import mistakes, trials
from .access import editing_needed, seeing_needed
from .shown import Shown, shown_to

#: A file larger than this is no process.
LARGEST = document.LONGEST


@editing_needed
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: PersonRequest) -> HttpResponse:
    """The page of the draft; POST switches it on."""
    shown = shown_to(request.user)
    if request.method != "POST":
        return _page(request, shown)
    moved = {key.removeprefix("moved."): request.POST[key] for key in request.POST if key.startswith("moved.")}
    try:
        drafts.publish(by=request.user.actor, comment=request.POST.get("comment", "").strip()[:500], moved=moved)
    except Stranded:
        return _page(request, shown, said=_("Say where the deals of the removed stages go."), status=422)
    except Refusal as refusal:
        return _page(request, shown, said=refusal.reason, status=409)
    except DocumentErrors:
        return _page(request, shown, said=_("There are mistakes in the draft: mend them first."), status=422)
    return done(request, reverse("process"), _("It works now."))


@editing_needed
@require_POST
def undo(request: PersonRequest) -> HttpResponse:
    drafts.undo(by=request.user.actor)
    return done(request, _back(request))


@editing_needed
@require_POST
def removal(request: PersonRequest) -> HttpResponse:
    drafts.discard(by=request.user.actor)
    return done(request, reverse("process"))


@editing_needed
@require_POST
def cure(request: PersonRequest) -> HttpResponse:
    """What the button of a finding does; a finding is found again by its path and number."""
    shown = shown_to(request.user)
    source = shown.draft or shown.version
    found = mistakes.found_in(source.document) if source else []
    wanted = next((one for one in found if one.cure and one.path == request.POST.get("path")), None)
    if wanted and wanted.cure:
        path, value = wanted.cure.path, wanted.cure.value
        drafts.edit(lambda editor: editor.write_at(path, value), what=wanted.cure.text, by=request.user.actor)
    return done(request, reverse("process-draft"))


@seeing_needed
@require_http_methods(["GET", "HEAD", "POST"])
def file(request: PersonRequest) -> HttpResponse:
    """The document as a file; POST makes a file the draft."""
    shown = shown_to(request.user)
    if request.method == "POST":
        return _import(request, shown)
    source = shown.draft or shown.version
    answer = HttpResponse(source.document if source else "", content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="process.yaml"'
    return answer


def _import(request: PersonRequest, shown: Shown) -> HttpResponse:
    given = request.FILES.get("file")
    if given is None or (given.size or 0) > LARGEST:
        return _page(request, shown, said=_("Choose a file of a process, up to a megabyte."), status=422)
    try:
        text = given.read().decode("utf-8-sig")
        drafts.put(text, what=_("File «{name}» read").format(name=given.name), by=request.user.actor)
    except UnicodeDecodeError:
        return _page(request, shown, said=_("This file is not text in UTF-8."), status=422)
    except DocumentErrors as error:
        return _page(request, shown, wrong=error, status=422)
    return done(request, reverse("process-draft"))


@seeing_needed
@require_safe
def json_schema(request: PersonRequest) -> HttpResponse:
    """For editors that complete and underline."""
    return HttpResponse(document.json_schema(), content_type="application/schema+json")


def _page(
    request: PersonRequest, shown: Shown, *, said: str = "", wrong: DocumentErrors | None = None, status: int = 200
) -> HttpResponse:
    if shown.version is None:
        return render(request, "process/none.html", {"current": "process"})
    source = shown.draft or shown.version
    found = mistakes.found_in(source.document)
    leaving = stranded.leaving(shown.process)
    facts: dict[str, Any] = {
        "current": "process",
        "shown": shown,
        "said": said,
        "wrong": wrong.errors if wrong else [],
        "mistakes": [one for one in found if one.level == checks.MISTAKE],
        "findings": _gathered(found),
        "leaving": [(one, stranded.offers(one, shown.process)) for one in leaving],
        "moved": {key: request.POST[key] for key in request.POST if key.startswith("moved.")},
        "comment": request.POST.get("comment", ""),
        "author": _author(shown),
        "outdated": shown.draft is not None and shown.draft.base_id != shown.version.pk,
        **trials.latest_facts(request.user),
    }
    return render(request, "process/draft.html", facts, status=status)


def _gathered(found: Sequence[Mistake]) -> list[tuple[Mistake, list[Mistake]]]:
    """Each thing that was found once, mistakes first, with the other places where it stands; what a button mends stands
    alone.
    """
    gathered: dict[Any, list[Mistake]] = {}
    for one in sorted(found, key=lambda one: one.level != checks.MISTAKE):
        gathered.setdefault(one.path if one.cure else (one.level, one.text, one.remedy), []).append(one)
    return [(first, rest) for first, *rest in gathered.values()]


def _author(shown: Shown) -> Person | None:
    author = shown.draft.author_id if shown.draft else None
    return Person.objects.filter(pk=author).first() if author else None


def _back(request: PersonRequest) -> str:
    """The page one was on, when it is one of the process."""
    there = request.headers.get("HX-Current-URL", "") or request.META.get("HTTP_REFERER", "")
    path = "/" + there.split("/", 3)[3] if there.count("/") >= 3 else ""
    return path if path.startswith("/process") and not path.startswith("/process/rules/") else reverse("process")
