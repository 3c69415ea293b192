"""A draft of a message in the composer: sent or thrown away, it makes room for the next one."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voronka.deals.actions import drop_draft, send_draft
from voronka.messages.models import Message
from voronka.web.requests import PersonRequest

from . import card
from .answers import toast, with_news
from .entry import deal_of


@login_required
@require_POST
def sending(request: PersonRequest, deal_id: int, draft_id: int) -> HttpResponse:
    text, subject = request.POST.get("text", ""), request.POST.get("subject", "")
    send_draft(deal_id, _draft(request, deal_id, draft_id), by=request.user.actor, text=text, subject=subject)
    return toast(_composer(request, deal_id), _("The message is on its way"))


@login_required
@require_POST
def deletion(request: PersonRequest, deal_id: int, draft_id: int) -> HttpResponse:
    drop_draft(deal_id, _draft(request, deal_id, draft_id), by=request.user.actor)
    return toast(_composer(request, deal_id), _("The draft is thrown away"))


def _draft(request: PersonRequest, deal_id: int, draft_id: int) -> int:
    """Its id, if it lies in this deal of this person."""
    if not Message.objects.filter(pk=draft_id, deal=deal_of(request, deal_id)).exists():
        raise Http404
    return draft_id


def _composer(request: PersonRequest, deal_id: int) -> HttpResponse:
    deal = deal_of(request, deal_id, whole=True)
    answer = render(request, "deals/composer_now.html", card.composer(deal, request.user))
    return with_news(answer, request, deal)
