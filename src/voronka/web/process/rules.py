"""The page of one rule: fields, the sentence they make, what the checks say, all anew as one types."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from voronka.deals.field_keys import key_for
from voronka.process import drafts, sentences
from voronka.process.document import DocumentErrors, Mistake
from voronka.process.editing import Editor
from voronka.web.requests import PersonRequest
from voronka.web.settings.answers import done

from . import mistakes, past, ruleform
from .access import editing_needed
from .inputs import units
from .map import address
from .panel import concerns, linked
from .ruleform import RuleForm
from .shown import Shown, shown_to
from .things import maker_of


@editing_needed
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    """A rule that is not in the draft yet; `stage` is where it was asked for."""
    shown = shown_to(request.user)
    maker = maker_of(shown)
    stage = request.GET.get("stage", "")
    if request.method != "POST":
        stage = stage if stage in shown.process.stages else ""
        return _page(request, shown, ruleform.of_data(ruleform.blank(stage, maker), maker), key="")
    form = ruleform.read(request.POST, maker, key="")
    return _save(request, shown, form, key="")


@editing_needed
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: PersonRequest, key: str) -> HttpResponse:
    shown = shown_to(request.user)
    data = _data(shown, key)
    maker = maker_of(shown)
    if request.method != "POST":
        return _page(request, shown, ruleform.of_data(data, maker), key=key)
    return _save(request, shown, ruleform.read(request.POST, maker, key=key), key=key)


@editing_needed
@require_POST
def form(request: PersonRequest) -> HttpResponse:
    """The form anew, as it is typed: nothing is kept."""
    shown, key = shown_to(request.user), request.GET.get("key", "")
    typed = ruleform.read(request.POST, maker_of(shown), key=key)
    return render(request, "process/rule_form.html", _facts(request, shown, typed, key))


@editing_needed
@require_POST
def removal(request: PersonRequest, key: str) -> HttpResponse:
    shown = shown_to(request.user)
    data = _data(shown, key)
    what = _("Rule «{title}» removed").format(title=data.get("title", key))
    drafts.edit(lambda editor: editor.drop(("rules",), key), what=what, by=request.user.actor)
    return done(request, address(stage=_stage(shown, data)))


def _save(request: PersonRequest, shown: Shown, form: RuleForm, *, key: str) -> HttpResponse:
    if form.rule is None:
        return _page(request, shown, form, key=key, status=422)
    data = {**form.data, "title": form.title or ruleform.named(form.data, form)}
    if not key:
        taken = {rule.key for rule in shown.process.rules}
        data["key"] = key_for(data["title"], taken, otherwise="rule")
    what = _("Rule «{title}» changed") if key else _("Rule «{title}» added")
    try:
        drafts.edit(
            lambda editor: editor.put(("rules",), data),
            what=what.format(title=data["title"]),
            by=request.user.actor,
        )
    except DocumentErrors as error:
        said = " ".join(str(one) for one in error.errors)
        return _page(request, shown, form, key=key, said=said, status=422)
    return done(request, address(stage=_stage(shown, data)))


def _page(
    request: PersonRequest, shown: Shown, form: RuleForm, *, key: str, said: str = "", status: int = 200
) -> HttpResponse:
    facts = _facts(request, shown, form, key) | {"current": "process", "said": said}
    return render(request, "process/rule.html", facts, status=status)


def _facts(request: PersonRequest, shown: Shown, form: RuleForm, key: str) -> dict[str, Any]:
    rules = shown.process.rules
    stage = _stage(shown, form.data)
    findings = _findings(shown, form, key)
    of_stage = [rule.key for rule in rules if concerns(rule, stage)]
    action = reverse("process-rule", args=[key]) if key else reverse("process-rule-new")
    return {
        "shown": shown,
        "form": form,
        "key": key,
        "units": units(),
        "action": action,
        "again": f"{reverse('process-rule-form')}?key={key}",
        "stage": stage,
        "stage_title": shown.process.stages[stage].title if stage else "",
        "back": address(stage=stage),
        "number": of_stage.index(key) + 1 if key in of_stage else 0,
        "of": len(of_stage),
        "sentence": _sentence(shown, form, key),
        "findings": findings,
        "when_found": any(".when" in one.path for one in findings),
        "said": "",
        **(past.facts_of(key, request.user) if key in shown.active.rules_by_key else {"past": None}),
    }


def _sentence(shown: Shown, form: RuleForm, key: str) -> str:
    """How it reads, against how it reads in the process in force."""
    if form.rule is None:
        return ""
    now = sentences.rule(form.rule, shown.process)
    before = next((rule for rule in shown.active.rules if rule.key == key), None)
    return linked(sentences.rule(before, shown.active) if before else now, now, "#rule-form")


def _findings(shown: Shown, form: RuleForm, key: str) -> list[Mistake]:
    """What the checks say of this rule, in the document as it would be."""
    source = shown.draft or shown.version
    if form.rule is None or source is None:
        return []
    editor = Editor(source.document)
    own = key or "rule-being-written"
    editor.put(("rules",), {**form.data, "key": own, "title": form.title or own})
    rules = editor.get(("rules",))
    path = f"rules.{[rule['key'] for rule in rules].index(own) + 1}"
    try:
        found = mistakes.found_in(editor.text())
    except DocumentErrors as error:
        found = list(error.errors)
    return [one for one in found if one.path == path or one.path.startswith(f"{path}.")]


def _data(shown: Shown, key: str) -> dict[str, Any]:
    source = shown.draft or shown.version
    data = Editor(source.document).get(("rules", key)) if source else None
    if data is None:
        raise Http404
    return data


def _stage(shown: Shown, data: Any) -> str:
    """The stage whose panel the rule belongs to."""
    stages = data.get("when", {}).get("stages") or []
    return next((str(ref) for ref in stages if str(ref) in shown.process.stages), "")
