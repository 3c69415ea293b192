"""Messages to clients that wait for people: who, what, why; sent after all or dropped, one by one and many."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from voronka.messages import queries
from voronka.messages.actions import Settled, settle
from voronka.messages.models import Message
from voronka.messages.ports import channels
from voronka.process import values
from voronka.process.queries import active
from voronka.web.process.access import may_see
from voronka.web.requests import PersonRequest
from voronka.web.settings.access import permission_needed
from voronka.web.settings.answers import done

PAGE = 50
#: So many are done in one go; the rest stay on the page.
AT_ONCE = 500

needed = permission_needed("release_messages")


@needed
@require_safe
def waiting(request: PersonRequest) -> HttpResponse:
    """The newest first; `state` and `rule` narrow it, `before` is the last one seen."""
    found = _asked(request, request.GET)
    before = request.GET.get("before", "")
    if _is_number(before):
        found = found.filter(pk__lt=int(before))
    rows = list(found.select_related("company", "contact", "deal", "written_by")[: PAGE + 1])
    known, outline = channels(), active().outline
    reasons = queries.reasons(request.user)
    facts: dict[str, Any] = {
        "current": "messages",
        "rows": [
            {
                "message": one,
                "rule": outline.title(values.RULE, one.rule) if one.rule else "",
                "channel": str(known[one.channel].title) if one.channel in known else "",
            }
            for one in rows[:PAGE]
        ],
        "more": _address(request, before=rows[PAGE - 1].pk) if len(rows) > PAGE else "",
        "chips": [
            {
                "title": outline.title(values.RULE, one.rule) if one.rule else _("Written by people"),
                "failed": one.state == Message.State.FAILED,
                "count": one.count,
                "on": (one.state, one.rule) == (request.GET.get("state"), request.GET.get("rule")),
                "url": f"{reverse('messages')}?{urlencode({'state': one.state, 'rule': one.rule})}",
            }
            for one in reasons
        ],
        "total": sum(one.count for one in reasons),
        "asked": {key: request.GET[key] for key in ("state", "rule") if key in request.GET},
        "set_up": queries.set_up(),
        "sees_rules": may_see(request.user),
    }
    return render(request, "messages/page.html", facts)


@needed
@require_POST
def acts(request: PersonRequest) -> HttpResponse:
    """`do` send or drop, to the `message`s chosen or to `all` that the page's filter finds."""
    typed = request.POST
    if typed.get("all"):
        ids = list(_asked(request, typed).values_list("pk", flat=True)[:AT_ONCE])
    else:
        ids = [int(pk) for pk in typed.getlist("message") if _is_number(pk)][:AT_ONCE]
    send = typed.get("do") == "send"
    settled = settle(ids, send=send, by=request.user.actor)
    narrowed = {key: typed[key] for key in ("state", "rule") if typed.get(key)}
    back = reverse("messages") + (f"?{urlencode(narrowed)}" if narrowed else "")
    return done(request, back, _told(settled, send=send))


def _told(settled: Settled, *, send: bool) -> str:
    form = (
        ngettext("%(num)d message goes now", "%(num)d messages go now", settled.done)
        if send
        else ngettext("%(num)d message dropped", "%(num)d messages dropped", settled.done)
    )
    said = [form % {"num": settled.done}] if settled.done else []
    return ". ".join(said + [f"{reason} ({count})" for reason, count in settled.refused.items()])


def _asked(request: PersonRequest, asked: QueryDict) -> QuerySet[Message]:
    found = queries.waiting(request.user)
    if asked.get("state"):
        found = found.filter(state=asked["state"])
    return found.filter(rule=asked["rule"]) if "rule" in asked else found


def _address(request: HttpRequest, **more: Any) -> str:
    asked = request.GET.copy()
    for key, value in more.items():
        asked[key] = str(value)
    return f"?{asked.urlencode()}"


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 18
