"""Settings: tags of the company, how often each is used, and what may become of them."""

import json
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from voronka.clients import tags as actions
from voronka.clients.models import Tag
from voronka.clients.tag_counts import MANY, Counted, counted_tags
from voronka.kernel.errors import FieldErrors
from voronka.web import formats
from voronka.web.deals.fieldrows import language
from voronka.web.requests import PersonRequest
from voronka.web.settings.access import permission_needed
from voronka.web.settings.answers import dialog
from voronka.web.settings.sections import sections

needed = permission_needed("manage_process")


@needed
@require_safe
def tags(request: PersonRequest) -> HttpResponse:
    """Those in use, or with `tab=retired` those that are not."""
    return render(request, "tags/page.html", _facts(request, retired=request.GET.get("tab") == "retired"))


@needed
@require_http_methods(["GET", "HEAD", "POST"])
def title(request: PersonRequest, number: int) -> HttpResponse:
    tag = get_object_or_404(Tag, pk=number)
    if request.method != "POST":
        return dialog(request, "tags/rename.html", {"tag": tag, "typed": tag.title, "errors": {}}, title=_("Rename"))
    typed = request.POST.get("title", "")
    try:
        renamed = actions.rename_tag(tag.pk, by=request.user.actor, title=typed)
    except FieldErrors as wrong:
        shown = {"tag": tag, "typed": typed, "errors": wrong.errors}
        return dialog(request, "tags/rename.html", shown, title=_("Rename"), status=422)
    undo = {"url": reverse("tag-title", args=[tag.pk]), "values": {"title": tag.title}}
    text = _("“%(old)s” is now “%(new)s”") % {"old": tag.title, "new": renamed.title}
    return _again(request, text, undo)


@needed
@require_http_methods(["GET", "HEAD", "POST"])
def merging(request: PersonRequest, number: int) -> HttpResponse:
    """Which tag it shows as from now on."""
    tag = get_object_or_404(Tag, pk=number, merged_into=None)
    others = [(one.key, one.title) for one in actions.active_tags().values() if one != tag]
    shown: dict[str, Any] = {"tag": tag, "others": others, "errors": {}, "into": request.POST.get("into", "")}
    heading = _("Merge “%(tag)s”") % {"tag": tag.title}
    if request.method != "POST":
        return dialog(request, "tags/merge.html", shown, title=heading)
    into = shown["into"]
    try:
        other = actions.merge_tags(
            tag.pk, into=int(into) if into.isdecimal() and len(into) < 18 else 0, by=request.user.actor
        )
    except FieldErrors as wrong:
        return dialog(request, "tags/merge.html", shown | {"errors": wrong.errors}, title=heading, status=422)
    text = _("“%(old)s” shows as “%(new)s” everywhere") % {"old": tag.title, "new": other.title}
    return _again(request, text, {"url": reverse("tag-parting", args=[tag.pk])})


@needed
@require_POST
def parting(request: PersonRequest, number: int) -> HttpResponse:
    tag = actions.part_tag(get_object_or_404(Tag, pk=number).pk, by=request.user.actor)
    return _again(request, _("“%(tag)s” is a tag of its own again") % {"tag": tag.title})


@needed
@require_POST
def retirement(request: PersonRequest, number: int) -> HttpResponse:
    tag = actions.retire_tag(get_object_or_404(Tag, pk=number).pk, by=request.user.actor)
    undo = {"url": reverse("tag-restoration", args=[tag.pk])}
    return _again(request, _("“%(tag)s” is shown no more") % {"tag": tag.title}, undo)


@needed
@require_POST
def restoration(request: PersonRequest, number: int) -> HttpResponse:
    tag = actions.restore_tag(get_object_or_404(Tag, pk=number).pk, by=request.user.actor)
    undo = {"url": reverse("tag-retirement", args=[tag.pk])}
    return _again(request, _("“%(tag)s” is back where it hung") % {"tag": tag.title}, undo)


def _again(request: PersonRequest, text: str, undo: dict[str, Any] | None = None) -> HttpResponse:
    """The list as it is now, over the one that stands there, and how to take the act back."""
    retired = "tab=retired" in request.headers.get("HX-Current-URL", "")
    answer = render(request, "tags/list.html", _facts(request, retired=retired))
    told = {"text": text, **({"undo": {"method": "post", **undo}} if undo else {})}
    answer["HX-Trigger"] = json.dumps({"toast": told})
    answer["HX-Retarget"], answer["HX-Reswap"] = "#tags", "morph:outerHTML"
    return answer


def _facts(request: PersonRequest, *, retired: bool) -> dict[str, Any]:
    listed = counted_tags(request.user, active=not retired)
    others = Tag.objects.filter(is_active=retired, merged_into=None).count()
    return {
        "current": "settings",
        "sections": sections(request.user),
        "here": "tags",
        "retired": retired,
        "rows": [_row(one) for one in listed],
        "count": others if retired else len(listed),
        "retired_count": len(listed) if retired else others,
    }


def _row(one: Counted) -> dict[str, Any]:
    asked = urlencode({"filter": json.dumps(["all", ["tags", "in", [one.tag.key]]], separators=(",", ":"))})
    return {
        "tag": one.tag,
        "merged": one.merged,
        "deals": _figure(one.deals),
        "deals_url": f"{reverse('deals')}?{asked}",
        "clients": _figure(one.clients),
        "clients_url": f"{reverse('clients')}?{asked}",
    }


def _figure(number: int) -> str:
    shown = formats.number(min(number, MANY), language())
    return f"{shown}+" if number > MANY else shown if number else ""
