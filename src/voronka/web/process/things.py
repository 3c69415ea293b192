"""Parts of the draft that are lists of keyed things — stages, funnels, reasons, templates — each by one form."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from voronka.deals.field_keys import key_for
from voronka.hooks import queries as hooks
from voronka.process import drafts
from voronka.process.document import DocumentErrors
from voronka.process.editing import Editor, Place
from voronka.staff.queries import people
from voronka.web.requests import PersonRequest
from voronka.web.settings.answers import dialog, done

from . import mistakes, reminder
from .access import editing_needed
from .inputs import Input, Maker, Outside
from .inputs import shown as keys_of
from .kinds import KINDS, PAGES, Kind
from .map import address
from .shown import Shown, shown_to


@editing_needed
@require_safe
def things(request: PersonRequest, kind: str) -> HttpResponse:
    """A list of the draft as a page."""
    shown, found = shown_to(request.user), _kind(kind)
    inside = _inside(request.GET, found, shown)
    items = _editor(shown).get(found.at(inside)) or []
    facts = {
        "current": "process",
        "shown": shown,
        "kind": kind,
        "found": found,
        "inside": inside,
        "items": items,
        "pages": [(key, KINDS[key].title) for key in PAGES],
        "funnels": shown.process.funnels,
        "query": f"?in={inside}" if inside else "",
    }
    return render(request, "process/things.html", facts)


@editing_needed
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PersonRequest, kind: str) -> HttpResponse:
    shown, found = shown_to(request.user), _kind(kind)
    inside = _inside(request.GET, found, shown)
    if request.method != "POST":
        data = {"meaning": "open"} if kind == "stages" else {}
        return _form(request, kind, inside, data, shown, after=request.GET.get("after"))
    maker = maker_of(shown)
    data = _read(maker, found, request.POST)
    data["key"] = key_for(str(data.get("title", "")), _taken(shown, found, inside), otherwise=kind.rstrip("s"))
    wanted = _with_stages(data) if kind == "funnels" else data
    after = request.POST.get("after")
    remind = reminder.read(request.POST, f"{inside}/{data['key']}", shown.process) if kind == "stages" else None

    def write(editor: Editor) -> None:
        editor.put(found.at(inside), wanted, after=after)
        if remind:
            editor.put(("rules",), remind)

    what = _("{thing} «{title}» added").format(thing=found.one, title=data.get("title", ""))
    return _save(request, kind, inside, data, shown, write, what, part_data=wanted)


@editing_needed
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: PersonRequest, kind: str, key: str) -> HttpResponse:
    shown, found = shown_to(request.user), _kind(kind)
    inside = _inside(request.GET, found, shown)
    place = found.at(inside)
    before = _editor(shown).get((*place, key))
    if before is None:
        raise Http404
    if request.method != "POST":
        return _form(request, kind, inside, before, shown, key=key)
    data = _read(maker_of(shown), found, request.POST)
    values = {name: data.get(name) for name, _info in keys_of(found.part)}
    what = _("{thing} «{title}» changed").format(thing=found.one, title=before.get("title", key))

    def write(editor: Editor) -> None:
        editor.change((*place, key), values)
        if kind == "stages" and request.POST.get("after") not in (None, "="):
            _put_after(editor, place, key, request.POST["after"])

    return _save(request, kind, inside, {**before, **data}, shown, write, what, key=key, part_data={**before, **data})


@editing_needed
@require_POST
def place(request: PersonRequest, kind: str, key: str) -> HttpResponse:
    """One place up or down in its list."""
    shown, found = shown_to(request.user), _kind(kind)
    inside = _inside(request.GET, found, shown)
    keys = [item["key"] for item in _editor(shown).get(found.at(inside)) or []]
    if key not in keys:
        raise Http404
    to = keys.index(key) + (-1 if request.POST.get("to") == "up" else 1)
    what = _("{thing} moved in its list").format(thing=found.one)
    drafts.edit(lambda editor: editor.shift(found.at(inside), key, to), what=what, by=request.user.actor)
    return done(request, back_to(kind, inside, key))


@editing_needed
@require_POST
def removal(request: PersonRequest, kind: str, key: str) -> HttpResponse:
    """Out of the draft, with what named it in lists of rules."""
    shown, found = shown_to(request.user), _kind(kind)
    inside = _inside(request.GET, found, shown)

    def write(editor: Editor) -> None:
        editor.drop(found.at(inside), key)
        if kind == "stages":
            editor.without_references(f"{inside}/{key}")
            for rule in editor.get(("rules",)) or []:
                if rule.get("when", {}).get("stages") == []:
                    editor.drop(("rules",), rule["key"])

    what = _("{thing} removed").format(thing=found.one)
    try:
        drafts.edit(write, what=what, by=request.user.actor)
    except DocumentErrors as error:
        before = _editor(shown).get((*found.at(inside), key)) or {}
        return _form(request, kind, inside, before, shown, key=key, said=_told(error), status=422)
    return done(request, back_to(kind, inside))


def back_to(kind: str, inside: str, key: str = "") -> str:
    """The page that shows it."""
    if kind in ("funnels", "stages"):
        return address(stage=f"{inside}/{key}" if kind == "stages" and key else "")
    query = f"?{urlencode({'in': inside})}" if inside else ""
    return reverse("process-things", args=[kind]) + query


def maker_of(shown: Shown) -> Maker:
    """Inputs for the process shown. Two queries."""
    known = [(one.email, one.name) for one in people().order_by("name") if one.email]
    return Maker(shown.process, Outside(people=known, hooks=hooks.at_work()))


def _save(
    request: PersonRequest,
    kind: str,
    inside: str,
    data: dict[str, Any],
    shown: Shown,
    write: Any,
    what: str,
    *,
    key: str = "",
    part_data: dict[str, Any],
) -> HttpResponse:
    errors = mistakes.errors_of(KINDS[kind].part, part_data)
    checking = request.GET.get("check") == "1"
    if errors:
        if checking:
            return render(request, "process/findings.html", {"findings": [], "errors": errors})
        return _form(request, kind, inside, data, shown, key=key, errors=errors, status=422)
    if checking:
        editor = _editor(shown)
        write(editor)
        return render(
            request, "process/findings.html", {"findings": mistakes.news(editor.text(), shown.version), "errors": {}}
        )
    try:
        drafts.edit(write, what=what, by=request.user.actor)
    except DocumentErrors as error:
        return _form(request, kind, inside, data, shown, key=key, said=_told(error), status=422)
    return done(request, back_to(kind, inside, key or str(data.get("key", ""))))


def _form(
    request: PersonRequest,
    kind: str,
    inside: str,
    data: Mapping[str, Any],
    shown: Shown,
    *,
    key: str = "",
    errors: dict[str, str] | None = None,
    said: str = "",
    after: str | None = None,
    status: int = 200,
) -> HttpResponse:
    found = KINDS[kind]
    made = maker_of(shown).inputs(found.part, data, errors=errors)
    main = [one for one in made if not found.main or one.name in found.main]
    query = f"?{urlencode({'in': inside})}" if inside else ""
    action = (reverse("process-thing", args=[kind, key]) if key else reverse("process-thing-new", args=[kind])) + query
    facts = {
        "kind": kind,
        "action": action,
        "check_action": action + ("&" if query else "?") + "check=1",
        "main": main,
        "more": [one for one in made if one not in main],
        "errors": errors or {},
        "said": said,
        "key": key,
        "removal": reverse("process-thing-removal", args=[kind, key]) + query if key else "",
        "places": _places(shown, inside, key, after) if kind == "stages" else None,
        "reminder": reminder.inputs(maker_of(shown), request.POST) if kind == "stages" and not key else [],
    }
    named = _("{thing} «{title}»").format(thing=found.one, title=data.get("title", key))
    heading = named if key else _("New: {thing}").format(thing=str(found.one).lower())
    return dialog(request, "process/thing.html", facts | {"heading": heading}, title=heading, status=status)


def _places(shown: Shown, inside: str, key: str, after: str | None) -> Input:
    """Behind which stage it stands."""
    stages = next((funnel.stages for funnel in shown.process.funnels if funnel.key == inside), [])
    options = [("", _("first"))] + [
        (stage.key, _("after «{stage}»").format(stage=stage.title)) for stage in stages if stage.key != key
    ]
    if key:
        options.insert(0, ("=", _("where it is")))
        chosen = "="
    else:
        work = [stage.key for stage in stages if stage.meaning == "open"]
        chosen = after if after is not None else (work[-1] if work else "")
    return Input(name="after", label=_("Place"), kind="select", value=chosen, options=options)


def _put_after(editor: Editor, place: Place, key: str, after: str) -> None:
    keys = [item["key"] for item in editor.get(place) if item["key"] != key]
    editor.shift(place, key, keys.index(after) + 1 if after in keys else 0)


def _with_stages(data: dict[str, Any]) -> dict[str, Any]:
    """A new funnel begins with a way through it."""
    return {
        **data,
        "stages": [
            {"key": "new", "title": _("New"), "limit": "1 day"},
            {"key": "work", "title": _("In work"), "limit": "3 days"},
            {"key": "won", "title": _("Done"), "meaning": "won"},
            {"key": "lost", "title": _("Lost"), "meaning": "lost"},
        ],
        "loss_reasons": [{"key": "other", "title": _("Other"), "comment_required": True}],
    }


def _read(maker: Maker, found: Kind, asked: QueryDict) -> dict[str, Any]:
    return maker.read(found.part, asked)


def _taken(shown: Shown, found: Kind, inside: str) -> set[str]:
    return {item["key"] for item in _editor(shown).get(found.at(inside)) or []}


def _editor(shown: Shown) -> Editor:
    source = shown.draft or shown.version
    assert source is not None
    return Editor(source.document)


def _kind(kind: str) -> Kind:
    if kind not in KINDS:
        raise Http404
    return KINDS[kind]


def _inside(asked: QueryDict, found: Kind, shown: Shown) -> str:
    """The funnel a list belongs to."""
    if "*" not in found.place:
        return ""
    inside = asked.get("in", "") or (shown.process.funnels[0].key if shown.process.funnels else "")
    if inside not in {funnel.key for funnel in shown.process.funnels}:
        raise Http404
    return inside


def _told(error: DocumentErrors) -> str:
    return " ".join(str(one) for one in error.errors)
