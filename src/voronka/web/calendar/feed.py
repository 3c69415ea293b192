"""A person's calendar for other programs: iCalendar (RFC 5545) at a secret address, and the dialog that gives it.

Read through the person's gate as it is at that moment. An ended, old or foreign secret, and that of somebody who has
left, is a 404 like any page that does not exist.
"""

from collections.abc import Iterable
from datetime import UTC, timedelta

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from icalendar import Calendar, Event

from voronka.deals import fields
from voronka.deals.models import Deal, Stage
from voronka.kernel import clock
from voronka.staff.models import Person
from voronka.tasks.actions.calendar_link import digest, end_link, note_read, renew_link
from voronka.tasks.models import CalendarLink
from voronka.tasks.queries import visible
from voronka.web.requests import PersonRequest
from voronka.web.tasks.answers import dialog

from .items import Item, date_fields, date_item, in_span, task_item

BEHIND, AHEAD = timedelta(days=30), timedelta(days=366)
#: A program that reads a calendar is not a way to take the whole base out.
MOST = 1000


@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """No session: the secret says whose it is."""
    found = CalendarLink.objects.filter(digest=digest(secret), person__is_active=True)
    link = found.select_related("person__role").first()
    if link is None:
        raise Http404
    note_read(link)
    with timezone.override(link.person.zone), translation.override(link.person.language):
        text = _calendar(link.person, items_for(link.person), request.build_absolute_uri("/").rstrip("/"))
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Disposition"] = 'inline; filename="voronka.ics"'
    return answer


@login_required
@require_http_methods(["GET", "POST", "DELETE"])
def link(request: PersonRequest) -> HttpResponse:
    """GET tells whether there is an address, POST makes a new one and shows it once, DELETE ends it."""
    person, address = request.user, ""
    if request.method == "POST":
        secret = renew_link(person, by=person.actor)
        address = request.build_absolute_uri(reverse("calendar-feed", args=[secret]))
    elif request.method == "DELETE":
        end_link(person, by=person.actor)
    known = CalendarLink.objects.filter(person=person).first()
    answer = dialog(request, "calendar/link.html", {"known": known, "address": address})
    answer["Cache-Control"] = "private, no-store"
    return answer


def items_for(person: Person) -> list[Item]:
    """My tasks, and dates of my open deals: from a month back to a year ahead."""
    first, end = clock.now() - BEHIND, clock.now() + AHEAD
    tasks = visible(person).filter(responsible=person, cancelled=False, due_at__gte=first, due_at__lt=end)
    found = [task_item(task, person) for task in tasks.order_by("-due_at")[:MOST]]
    known = date_fields(fields.specs(person.actor))
    if known:
        deals = Deal.objects.visible_to(person).filter(responsible=person, closed_at=None)
        deals = deals.exclude(stage__meaning=Stage.Meaning.LOST).filter(
            in_span([spec for spec, _hour in known], timezone.localdate(first), timezone.localdate(end))
        )
        rows = deals.select_related("company", "contact", "responsible", "stage")[:MOST]
        dates = (date_item(deal, spec, hour) for deal in rows for spec, hour in known if deal.fields.get(spec.key))
        found += [item for item in dates if item]
    return found


def _calendar(person: Person, items: Iterable[Item], site: str) -> bytes:
    made = Calendar()
    made.add("prodid", "-//Voronka//Calendar//RU")
    made.add("version", "2.0")
    made.add("x-wr-calname", _("Voronka: %(name)s") % {"name": person.name})
    made.add("refresh-interval", timedelta(minutes=15))
    for item in items:
        made.add_component(_event(item, site))
    return made.to_ical()


def _event(item: Item, site: str) -> Event:
    event = Event()
    event.add("uid", f"{item.id}@{site.partition('://')[2]}")
    event.add("dtstamp", clock.now())
    if item.at:
        event.add("dtstart", item.at.astimezone(UTC))
        event.add("duration", timedelta(minutes=item.minutes))
    else:
        event.add("dtstart", item.day)
    event.add("summary", f"✓ {item.title}" if item.tone == "done" else item.title)
    if item.client:
        event.add("description", item.client)
    event.add("url", f"{site}/deals/{item.deal_id}" if item.deal_id else f"{site}{item.open_url}")
    event.add("transp", "TRANSPARENT" if item.tone == "done" or not item.at else "OPAQUE")
    return event
