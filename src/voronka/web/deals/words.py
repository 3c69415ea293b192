"""What «/» and «@» offer in the composer: commands, stages, people and templates of this deal."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from voronka.conversations.queries import quick_replies
from voronka.deals import queries
from voronka.deals.access import may_change
from voronka.deals.actions.mentions import who_see
from voronka.deals.models import Deal
from voronka.staff.models import Person
from voronka.web.requests import PersonRequest

from . import notetemplates
from .card import may_assign
from .entry import deal_of
from .filling import CardFilling
from .moves import hints_of


@login_required
@require_safe
def words(request: PersonRequest, deal_id: int) -> HttpResponse:
    """Asked once, when the first sign is typed. An item says by one key what choosing it does:
    `text` is put in its place, `tab` of the composer opens, `stage` is moved to, `dialog` is fetched.
    """
    deal = deal_of(request, deal_id)
    person = request.user
    commands = _commands(deal, person) if may_change(person.actor, deal) else []
    ready = [*_replies(deal, person), *_templates(deal, person)]
    return JsonResponse({"/": [*ready, *commands], "@": _people(deal, person)})


def _replies(deal: Deal, person: Person) -> list[dict[str, Any]]:
    """Answers to clients that are given often."""
    known = CardFilling(person.actor)
    filled = [(one.key, known.fill(one.text, deal)) for one in quick_replies(person)]
    return [{"group": text[:80], "title": f"/{key}", "text": text} for key, text in filled]


def _templates(deal: Deal, person: Person) -> list[dict[str, Any]]:
    found = list(notetemplates.of(person))
    known = CardFilling(person.actor)
    group = _("Template")
    ready = [{"group": group, "title": one.title, "text": known.fill(one.text, deal)} for one in found]
    return [*ready, {"group": group, "title": _("Templates…"), "dialog": "/note-templates"}]


def _commands(deal: Deal, person: Person) -> list[dict[str, Any]]:
    return [{"group": _("Command"), "title": _("Task"), "tab": "task"}, *_moves(deal, person), *_owners(deal, person)]


def _moves(deal: Deal, person: Person) -> list[dict[str, Any]]:
    said = hints_of(deal, person)
    return [
        {"group": _("Move"), "title": stage.title, "stage": stage.pk, "note": said[stage.pk].text}
        for stage in queries.stages_of(deal.funnel)
        if stage.pk in said and not said[stage.pk].locked
    ]


def _owners(deal: Deal, person: Person) -> list[dict[str, Any]]:
    if not may_assign(deal, person):
        return []
    people = Person.objects.filter(is_active=True).exclude(pk=deal.responsible_id or 0).order_by("name")
    address = f"/deals/{deal.pk}/responsible?person="
    return [{"group": _("Hand over"), "title": one.name, "dialog": f"{address}{one.pk}"} for one in people]


def _people(deal: Deal, person: Person) -> list[dict[str, Any]]:
    """Everybody at work; who does not see the deal is named so beforehand."""
    everybody = Person.objects.filter(is_active=True).exclude(pk=person.pk).order_by("name")
    people = list(everybody.select_related("role").prefetch_related("brands", "locations"))
    seeing = {one.pk for one in who_see(deal, people)}
    blind = _("does not see this deal")
    return [
        {"group": one.role.title, "title": one.name, "text": f"@{one.name}", "note": "" if one.pk in seeing else blind}
        for one in sorted(people, key=lambda one: one.pk not in seeing)
    ]
