"""A tile changed where it stands: subject, amount, who leads, the next step, tags, by the actions of the card."""

from collections.abc import Mapping

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from voronka.deals import queries
from voronka.deals.actions import edit_deal, traced
from voronka.deals.models import Deal
from voronka.kernel.errors import Conflict, FieldErrors, Refusal
from voronka.web.deals.answers import changed, moved, refused, toast, with_news
from voronka.web.deals.entry import deal_of, typed
from voronka.web.deals.wayback import way_back
from voronka.web.requests import PersonRequest

from .quickform import QuickForm, theirs


@login_required
@require_http_methods(["GET", "PUT"])
def quick(request: PersonRequest, deal_id: int) -> HttpResponse:
    """The form, and what it changes. 200 is the tile, 409 says why not, 422 is the form with its errors."""
    deal = deal_of(request, deal_id)
    now = QuickForm.shown(deal, request.user)
    if request.method == "GET":
        return _form(request, now)
    sent, by = now.sent(typed(request)), request.user.actor
    try:
        edit = sent.edit()
        trace = traced(deal_id, _("a change on the board"), lambda: edit_deal(deal_id, by=by, edit=edit))
    except FieldErrors as wrong:
        return _form(request, sent, errors=wrong.errors)
    except Conflict as conflict:
        return _form(request, sent.against(now), errors=theirs(conflict, now))
    except Refusal as no:
        return refused(no)
    response = _changed(request, deal)
    if trace:
        toast(response, _("№%(number)s: saved") % {"number": deal_id}, undo=way_back(request, trace))
    return response


def _changed(request: PersonRequest, before: Deal) -> HttpResponse:
    after = queries.visible(request.user).select_related("funnel").filter(pk=before.pk).first()
    if after is None:
        return changed(request, before, before=before.stage)
    return with_news(moved(request, after, before=before.stage), request, after)


def _form(request: PersonRequest, form: QuickForm, *, errors: Mapping[str, str] | None = None) -> HttpResponse:
    return render(request, "board/quick.html", {"form": form, "errors": errors or {}}, status=422 if errors else 200)
