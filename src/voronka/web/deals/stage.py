"""Moving a deal: what each stage would say, the move, and the dialog that asks for what it lacks."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from voronka.deals import fields, queries
from voronka.deals.actions import Step, ask_approval, move_deal, place_deal, take_back_move, traced
from voronka.deals.actions.move_deal import verdict
from voronka.deals.models import Deal, LossReason, Stage
from voronka.kernel.errors import FieldErrors, MissingFields, Refusal
from voronka.kernel.models import Event
from voronka.web.requests import PersonRequest

from . import steps
from .answers import changed, moved, refused, toast
from .entry import deal_of, typed
from .fieldrows import KINDS, Choices, row
from .lane import Lane, lane_locked
from .moves import hints_of
from .wayback import way_back

SPECIAL = ("loss_reason", "loss_comment", "next_step")


@login_required
@require_safe
def moves(request: PersonRequest, deal_id: int) -> HttpResponse:
    """Per stage, before the drop: what will be asked, what will happen, what speaks against it, or why not; for a board
    with lanes also why the deal cannot go to another one."""
    deal = deal_of(request, deal_id)
    found = hints_of(deal, request.user)
    stages = {pk: {"locked": hint.locked, "on_drop": hint.text, "warning": hint.warning} for pk, hint in found.items()}
    return JsonResponse({"stages": stages, "lane": {"locked": lane_locked(deal, request.user)}})


@login_required
@require_http_methods(["PUT", "POST"])
def stage(request: PersonRequest, deal_id: int) -> HttpResponse:
    """The move. 409 says why not, 422 is a dialog with just what is missing."""
    deal = deal_of(request, deal_id)
    form = typed(request)
    chosen = form.get("stage", "")
    to = get_object_or_404(Stage, pk=chosen if chosen.isdigit() and len(chosen) < 18 else 0, funnel=deal.funnel_id)
    asked = [key for key in form.getlist("asked") if len(key) < 100]
    try:
        if lane := Lane.read(form):
            return _placed(request, deal, to, lane, _given(form, asked, deal))
        after = move_deal(deal_id, by=request.user.actor, to=to, **_given(form, asked, deal))
    except MissingFields as missing:
        return _ask(request, deal, to, form, asked=[*asked, *missing.fields], missing=missing.fields if asked else [])
    except FieldErrors as wrong:
        return _ask(request, deal, to, form, asked=asked, errors=wrong.errors)
    except Refusal as no:
        return _asked_of_head(request, deal, to, form, asked) if no.rule == "approval" else refused(no)
    return _moved(request, after, before=deal.stage)


def _asked_of_head(request: PersonRequest, deal: Deal, to: Stage, form: Any, asked: Sequence[str]) -> HttpResponse:
    """The move waits for a yes; what was typed for it is kept with the request."""
    try:
        ask_approval(deal.pk, by=request.user.actor, to=to, **_given(form, asked, deal))
    except Refusal as no:
        return refused(no)
    return toast(moved(request, deal_of(request, deal.pk), before=deal.stage), _("Your head is asked for a yes."))


def _placed(request: PersonRequest, deal: Deal, to: Stage, lane: Lane, given: Mapping[str, Any]) -> HttpResponse:
    """Another lane, and the stage with it: taken back as one."""
    by, text = request.user.actor, lane.sentence(deal, to)
    trace = traced(deal.pk, text, lambda: place_deal(deal.pk, by=by, to=to, **lane.arguments, **given))
    after = deal_of_or_none(request, deal.pk)
    response = moved(request, after, before=deal.stage) if after else changed(request, deal, before=deal.stage)
    return toast(response, text, undo=way_back(request, trace) if trace else None)


def deal_of_or_none(request: PersonRequest, deal_id: int) -> Deal | None:
    """After a move the deal may have left this person's sight."""
    return queries.visible(request.user).filter(pk=deal_id).first()


def _given(form: Any, asked: Sequence[str], deal: Deal) -> dict[str, Any]:
    """What the dialog's form brought, as arguments of the action. Raises FieldErrors."""
    given: dict[str, Any] = {
        "values": {key: ",".join(form.getlist(key)) for key in asked if key not in SPECIAL and key in form}
    }
    if reason := form.get("loss_reason"):
        given["loss_reason"] = LossReason.objects.filter(funnel=deal.funnel_id, key=reason, is_active=True).first()
        given["loss_comment"] = form.get("loss_comment", "")
    if "next_step" in asked:
        given["next_step"] = _step(form)
    return given


def _step(form: Mapping[str, str]) -> Step:
    return steps.read_step(form, title_key="step_text")


def _ask(
    request: PersonRequest,
    deal: Deal,
    to: Stage,
    form: Any,
    *,
    asked: Sequence[str],
    missing: Sequence[str] = (),
    errors: Mapping[str, str] | None = None,
) -> HttpResponse:
    errors = {**{key: _("Fill it in.") for key in missing}, **(errors or {})}
    known = fields.specs(request.user.actor)
    choices = Choices(request.user.actor)
    asked = list(dict.fromkeys(asked))
    rows = [_row(deal, known[key], form, errors.get(key, ""), choices) for key in asked if key in known]
    context = {
        "deal": deal,
        "to": to,
        "asked": asked,
        "rows": rows,
        "errors": errors,
        "form": form,
        "reasons": [(one.key, one.title) for one in queries.loss_reasons(deal.funnel_id)]
        if to.meaning == "lost"
        else [],
        "kinds": [(kind.key, kind.title) for kind in steps.kinds()] if "next_step" in asked else [],
        "whens": steps.when_options(),
    }
    return render(request, "deals/move.html", context, status=422)


def _row(deal: Deal, spec: fields.FieldSpec, form: Any, error: str, choices: Choices) -> dict[str, Any]:
    """As it stands on the card, with what was typed."""
    kind = KINDS.get(spec.type, "text")
    typed = {"value": ",".join(form.getlist(spec.key))} if spec.key in form else {}
    options = choices.of(spec) if kind in ("select", "many") else []
    return {
        "named": "",
        **row(deal, spec, choices=choices, editable=True),
        **typed,
        "kind": kind,
        "options": options,
        "error": error,
    }


def _moved(request: PersonRequest, after: Deal, *, before: Stage) -> HttpResponse:
    """Tile and heads, and a toast that offers the way back."""
    undo = _way_back(request, after, before)
    deal = deal_of_or_none(request, after.pk)
    if deal is None:
        return toast(HttpResponse(status=200), _("The deal has gone to other people."), undo=undo)
    text = _("№%(number)s is now in “%(stage)s”") % {"number": deal.pk, "stage": after.stage.title}
    return toast(moved(request, deal, before=before), text, undo=undo)


def _way_back(request: PersonRequest, deal: Deal, before: Stage) -> dict[str, Any] | None:
    """How the toast takes the move back, when the guards allow it."""
    if not verdict(deal, before, stages=queries.stages_of(deal.funnel), by=request.user.actor).allowed:
        return None
    if move := queries.last_event(deal.pk, request.user, "deal.moved"):
        return {"url": f"/deals/{deal.pk}/stage/undo", "method": "post", "values": {"event": move.pk}}
    return None


@login_required
@require_POST
def undo(request: PersonRequest, deal_id: int) -> HttpResponse:
    """One's own move is taken back, also when the deal has left one's hands by it."""
    event = request.POST.get("event", "")
    own = Event.objects.filter(deal_id=deal_id, person_id=request.user.pk, pk=event if event.isdecimal() else 0)
    move = own.filter(kind="deal.moved").first()
    if move is None:
        raise Http404
    try:
        deal = take_back_move(deal_id, move.pk, by=request.user.actor)
    except Refusal as no:
        return refused(no)
    return moved(request, deal_of(request, deal.pk), before=Stage.objects.get(pk=move.data["to_id"]))
