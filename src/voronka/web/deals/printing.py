"""The card on one sheet of paper."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from voronka.clients.models import Note
from voronka.clients.queries import contacts_of
from voronka.deals import fields, notes
from voronka.deals.models import Deal
from voronka.staff.models import Person
from voronka.web.board.tiles import client_name, subject
from voronka.web.requests import PersonRequest

from . import card
from .entry import deal_of
from .fieldrows import Choices, shown
from .reach import contacts

#: What a sheet holds.
NOTES, LINES, TASKS, LONGEST = 6, 12, 6, 320


@login_required
@require_safe
def sheet(request: PersonRequest, deal_id: int) -> HttpResponse:
    return render(request, "deals/print.html", _facts(deal_of(request, deal_id), request.user))


def _facts(deal: Deal, person: Person) -> dict[str, Any]:
    known = fields.specs(person.actor)
    choices = Choices(person.actor)
    rows = [(str(spec.title), shown(spec, fields.value_of(deal, spec), choices)) for spec in known.values()]
    pinned = notes.pinned(deal)
    recent = Note.objects.filter(deal=deal, pinned_at=None).select_related("author").order_by("-id")[:NOTES]
    right = card.right(deal, person)
    return {
        "deal": deal,
        "client_name": client_name(deal),
        "about": subject(deal, known),
        "rows": [(title, text) for title, text in rows if text],
        "contacts": contacts(contacts_of(deal.company)),
        "lines": right["lines"][:LINES],
        "steps": [right["step"], *right["later"]][:TASKS] if right["step"] else [],
        "notes": [*pinned, *recent][:NOTES],
        "longest": LONGEST,
    }
