"""The calendar: days, weeks, months and the team's day; a date of a deal gets another time."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from voronka.deals import fields
from voronka.deals.actions import change_deal
from voronka.deals.models import Deal
from voronka.kernel import clock
from voronka.staff.models import Person
from voronka.web.requests import PersonRequest
from voronka.web.tasks.answers import changed
from voronka.web.tasks.forms import sent
from voronka.web.tasks.queries import whose
from voronka.web.views.over import over

from .grid import columns_of, weeks_of
from .items import Item, date_fields, in_order, items_of, tasks_of
from .place import Place, sees_others, today
from .turns import coming_turns

#: As many people side by side at most.
TEAM = 24


@login_required
@require_safe
def calendar(request: PersonRequest) -> HttpResponse:
    """The whole page; `live` asks for the part that changes."""
    person, place = request.user, Place.of(request.GET, request.user)
    team = list(team_of(person)[:TEAM]) if place.view == "team" else []
    items, more = _items(place, person, [one.pk for one in team] if place.view == "team" else None)
    context = {
        "current": "calendar",
        "place": place,
        "today": today(),
        "minute_now": _minute_now(),
        "items": items,
        "more": more,
        "columns": [] if place.view == "month" else columns_of(place, items, team),
        "weeks": weeks_of(place, items) if place.view == "month" else [],
        "agenda": [(day, [item for item in items if item.day == day]) for day in place.days],
        "live_url": place.address(live="1"),
        "live_keys": " ".join(sorted({f"deal:{item.deal_id}" for item in items if item.deal_id})),
        "title": _title(place),
        "earlier": place.step(-1).address(),
        "later": place.step(1).address(),
        "to_today": replace(place, day=today()).address(),
        "views": _views(place, person),
        "who_items": _who(place, person),
        "shown": _shown(place),
    }
    if "live" in request.GET:
        return render(request, "calendar/part.html", context)
    return render(request, "calendar/page.html", context | over("calendar", request, place.tasks))


def _items(place: Place, person: Person, people: list[int] | None) -> tuple[list[Item], bool]:
    items, more = items_of(place, person, people)
    if place.show != "dates":
        first, end = place.span
        items += coming_turns(tasks_of(place, person, people), person, first=first, end=end)
    return in_order(items), more


@login_required
@require_http_methods(["POST", "PUT"])
def deal_date(request: PersonRequest, deal_id: int, key: str) -> HttpResponse:
    """A date of a deal is dragged to another day or hour: `at` is a day, or a day and time."""
    deal = get_object_or_404(Deal.objects.visible_to(request.user), pk=deal_id)
    specs = fields.specs(request.user.actor)
    found = next(((spec, hour) for spec, hour in date_fields(specs) if spec.key == key), None)
    typed = sent(request)
    at = _moment(typed.get("at", ""))
    if found is None or at is None:
        return HttpResponse(_("Write a date and time, for example 28.11.2026 15:30."), status=422)
    spec, hour = found
    day, time = at
    values = {spec.key: day if spec.type == "date" else f"{day}T{time or '00:00'}"}
    if hour and (time or "whole_day" in typed):
        values[hour.key] = time
    before = {one: fields.value_of(deal, known) or "" for one, known in specs.items() if one in values}
    change_deal(deal.pk, by=request.user.actor, values=values)
    back = before[spec.key] + (f"T{before[hour.key]}" if hour and before.get(hour.key) else "")
    whole_day = {"whole_day": "1"} if hour and not before.get(hour.key) and hour.key in before else {}
    undo = {"url": request.path, "method": "put", "values": {"at": back, **whole_day}}
    text = _("%(field)s: %(when)s") % {"field": spec.title, "when": _told(day, time)}
    return changed(request, text, undo=undo if back else None)


def team_of(person: Person) -> QuerySet[Person]:
    """Whose day a head sees: of the own team, else everybody of the own brands."""
    people = Person.objects.filter(is_active=True).order_by("name")
    if person.team_id:
        return people.filter(team=person.team_id)
    brands = [brand.pk for brand in person.brands.all()]
    return people.filter(Q(brands__in=brands) | Q(brands=None)).distinct() if brands else people


def _minute_now() -> int:
    now = timezone.localtime(clock.now())
    return now.hour * 60 + now.minute


def _moment(text: str) -> tuple[str, str] | None:
    """(day, time or nothing) of «2026-11-28» or «2026-11-28T15:30»."""
    try:
        if len(text) == 10:
            return date.fromisoformat(text).isoformat(), ""
        found = datetime.strptime(text[:16], "%Y-%m-%dT%H:%M")
    except ValueError:
        return None
    return found.date().isoformat(), f"{found:%H:%M}"


def _told(day: str, time: str) -> str:
    return f"{date_format(date.fromisoformat(day), 'j E')} {time}".strip()


def _title(place: Place) -> str:
    if place.view == "month":
        return date_format(place.day, "F Y").capitalize()
    if place.view == "week":
        last = place.first + timedelta(days=6)
        begins = date_format(place.first, "j" if place.first.month == last.month else "j E")
        return f"{begins}–{date_format(last, 'j E Y')}"
    return date_format(place.day, "l, j E").capitalize()


def _views(place: Place, person: Person) -> list[dict]:
    titles = {"day": _("Day"), "week": _("Week"), "month": _("Month")}
    if sees_others(person):
        titles["team"] = _("Team")
    return [
        {"title": title, "url": replace(place, view=view).address(), "current": view == place.view}
        for view, title in titles.items()
    ]


def _who(place: Place, person: Person) -> list[dict]:
    titles = {"me": pgettext("calendar", "Mine"), "team": _("My team's"), "all": _("All I see")}
    return [
        {"title": titles[who], "url": replace(place, who=who).address(), "current": who == place.who}
        for who in whose(person)
    ]


def _shown(place: Place) -> list[dict]:
    titles = {"": _("Everything"), "tasks": _("Tasks"), "dates": _("Dates of deals")}
    return [
        {"title": title, "url": replace(place, show=show).address(), "current": show == place.show}
        for show, title in titles.items()
    ]
