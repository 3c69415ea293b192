"""What the composer needs: ways to the client, drafts, quick replies filled from the card, who is typing."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from voronka.clients.models import Company
from voronka.conversations import actions, queries
from voronka.conversations.models import QuickReply
from voronka.kernel.access import sees
from voronka.kernel.errors import FieldErrors
from voronka.staff.models import Person
from voronka.web import formats
from voronka.web.deals.answers import toast
from voronka.web.deals.entry import typed
from voronka.web.deals.filling import CardFilling
from voronka.web.requests import PersonRequest

from .client import deal_of
from .entry import row_or_first

EMOJI = tuple("😀😊😉😍🤗🤔👍👌🙏👏💪🤝🔥🎉🎂🎁⭐✅❗❓⏰📍📞🚗")


def composer_of(company: Company, person: Person) -> dict[str, Any]:
    """Tabs of the composer, the last used way first, and what was begun and not sent."""
    ways = [_tab(way, company) for way in queries.ways(company)]
    draft = queries.draft_of(person, company.pk) if ways else None
    if draft and draft.line:
        ways.sort(key=lambda tab: tab["key"] != draft.line)
    return {"ways": ways, "begun": draft.text if draft else "", "emoji": EMOJI}


def _tab(way: queries.Way, company: Company) -> dict[str, Any]:
    name = str(way.channel.title)
    return {
        "key": way.key,
        "title": name
        if way.line
        else f"{name} {formats.phone(way.address) if way.address.startswith('+') else way.address}",
        "icon": way.channel.icon,
        "why": _why(way),
        "can": way.channel.can,
        "placeholder": _("{channel}: to {client}").format(channel=name, client=company.name),
    }


def _why(way: queries.Way) -> str:
    if way.why == "barred":
        return _("The client has stopped our messages here.")
    if way.why == "window":
        return _("Since the client's last message {hours} hours have passed: only templates go now.").format(
            hours=way.channel.can.hours
        )
    return ""


@login_required
@require_POST
def typing(request: PersonRequest, client: int) -> HttpResponse:
    actions.say_typing(row_or_first(request, client), request.user)
    return HttpResponse(status=204)


@login_required
@require_http_methods(["PUT"])
def draft(request: PersonRequest, client: int) -> HttpResponse:
    """What was typed so far: it is found again on any device."""
    row_or_first(request, client)
    form = typed(request)
    actions.save_draft(client, by=request.user.actor, text=form.get("text", ""), line=form.get("way", ""))
    return HttpResponse(status=204)


@login_required
@require_safe
def words(request: PersonRequest, client: int) -> HttpResponse:
    """What «/» and «@» offer: quick replies filled from the card, colleagues."""
    row = row_or_first(request, client)
    found = list(queries.quick_replies(request.user))
    deal = deal_of(row, request.user) if found else None
    card = CardFilling(request.user.actor)
    also = {_("Client"): row.company.name, _("Manager"): request.user.name}
    texts = [card.fill(one.text, deal, also=also) for one in found]
    ready = [{"group": text[:80], "title": f"/{one.key}", "text": text} for one, text in zip(found, texts, strict=True)]
    manage = {"group": _("Command"), "title": _("Quick replies…"), "dialog": "/quick-replies"}
    return JsonResponse({"/": [*ready, manage], "@": _people(request.user, row.audience)})


def _people(person: Person, audience: list[str]) -> list[dict[str, Any]]:
    everybody = Person.objects.filter(is_active=True).exclude(pk=person.pk).order_by("name")
    people = everybody.select_related("role").prefetch_related("brands", "locations")
    return [
        {"group": one.role.title, "title": one.name, "text": f"@{one.name}"}
        for one in people
        if sees(one.reach, audience)
    ]


# -- quick replies -----------------------------------------------------------------------------


@login_required
@require_safe
def replies(request: PersonRequest) -> HttpResponse:
    """The dialog with all of them."""
    return render(request, "inbox/replies.html", _listed(request))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: PersonRequest, number: int | None = None) -> HttpResponse:
    """The form of a new or known one; saved, the dialog closes."""
    found = _found(request, number) if number else None
    if request.method != "POST":
        start = {"key": found.key, "text": found.text, "shared": found.owner_id is None} if found else {}
        return _form(request, found, start, {})
    form = request.POST
    key, text, shared = form.get("key", ""), form.get("text", ""), "shared" in form
    try:
        actions.save_quick_reply(by=request.user.actor, reply=found, key=key, text=text, shared=shared)
    except FieldErrors as wrong:
        return _form(request, found, {"key": key, "text": text, "shared": shared}, wrong.errors)
    return toast(HttpResponse(status=204), _("The quick reply is saved"))


@login_required
@require_POST
def removal(request: PersonRequest, number: int) -> HttpResponse:
    actions.remove_quick_reply(_found(request, number), by=request.user.actor)
    return render(request, "inbox/replies.html", _listed(request))


def _form(
    request: PersonRequest, found: QuickReply | None, form: dict[str, Any], errors: dict[str, str]
) -> HttpResponse:
    context = {"reply": found, "form": form, "errors": errors, "may_share": request.user.may("manage_process")}
    return render(request, "inbox/reply.html", context, status=422 if errors else 200)


def _listed(request: PersonRequest) -> dict[str, Any]:
    return {"replies": queries.quick_replies(request.user), "may_share": request.user.may("manage_process")}


def _found(request: PersonRequest, number: int) -> QuickReply:
    found = queries.quick_replies(request.user).filter(pk=number).first()
    if found is None:
        raise Http404
    return found
