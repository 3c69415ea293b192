"""Who works when: a week at a glance, one shift or a rhythm at once."""

import json
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from voronka.kernel import clock
from voronka.kernel.errors import FieldErrors, Refusal
from voronka.staff import actions
from voronka.staff.models import Person, Shift
from voronka.staff.queries import company_zone
from voronka.staff.rights import may_manage
from voronka.staff.rules import rhythm_days, shift_span
from voronka.web.requests import PersonRequest

from . import queries
from .access import permission_needed
from .answers import dialog
from .forms import PlanForm, ShiftForm, errors_of
from .sections import sections

needed = permission_needed("manage_people")
#: What the dialogs propose.
STARTS, ENDS, WEEKS = "10:00", "21:00", 4


@needed
@require_safe
def shifts(request: PersonRequest) -> HttpResponse:
    shown = {"current": "settings", "sections": sections(request.user), "here": "shifts", **_grid(request)}
    return render(request, "settings/shifts.html", shown)


@needed
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    """One shift."""
    if request.method != "POST":
        values = {"day": clock.today(company_zone()).isoformat(), "starts": STARTS, "ends": ENDS, **_given(request)}
        return _dialog(request, "settings/shift.html", values)
    form = ShiftForm(request.POST)
    if not form.is_valid():
        return _dialog(request, "settings/shift.html", form.data, errors_of(form), status=422)
    facts = form.cleaned_data
    starts_at, ends_at = shift_span(facts["day"], facts["starts"], facts["ends"], company_zone())
    try:
        actions.plan_shift(facts["person"], by=request.user.actor, starts_at=starts_at, ends_at=ends_at)
    except FieldErrors as refused:
        errors = {"starts": " ".join(refused.errors.values())}
        return _dialog(request, "settings/shift.html", form.data, errors, status=422)
    except Refusal as refused:
        return _dialog(request, "settings/shift.html", form.data, {"person": refused.reason}, status=422)
    return _changed(request, _("The shift is planned"))


@needed
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: PersonRequest) -> HttpResponse:
    """A rhythm from a date, for a person and, if wished, for the partner on the days between."""
    if request.method != "POST":
        today = clock.today(company_zone())
        last = today + timedelta(weeks=WEEKS)
        values = {"rhythm": "2/2", "first": today.isoformat(), "last": last.isoformat(), "partner": True}
        return _dialog(request, "settings/plan.html", {**values, "starts": STARTS, "ends": ENDS, **_given(request)})
    form = PlanForm(request.POST)
    if not form.is_valid():
        return _dialog(request, "settings/plan.html", form.data, errors_of(form), status=422)
    try:
        planned = _plan(request, form.cleaned_data)
    except FieldErrors as refused:
        return _dialog(request, "settings/plan.html", form.data, refused.errors, status=422)
    except Refusal as refused:
        return _dialog(request, "settings/plan.html", form.data, {"person": refused.reason}, status=422)
    return _changed(request, planned)


@needed
@require_POST
def cancellation(request: PersonRequest, number: int) -> HttpResponse:
    shift = get_object_or_404(Shift.objects.select_related("person__role", "person__seat"), pk=number)
    actions.cancel_shift(shift, by=request.user.actor)
    return _changed(request, _("The shift is taken away"))


def _plan(request: PersonRequest, facts: dict) -> str:
    """Plan and say in words what came of it."""
    person, zone = facts["person"], company_zone()
    hours = {"starts": facts["starts"], "ends": facts["ends"], "zone": zone}
    days = rhythm_days(facts["rhythm"], facts["first"], facts["last"])
    planned = [actions.plan_shifts(person, by=request.user.actor, days=days, **hours)]
    partner = _partner(person) if facts["partner"] else None
    others = [day for day in _days(facts["first"], facts["last"]) if day not in days]
    if partner and others and facts["rhythm"] != "weekdays":
        planned.append(actions.plan_shifts(partner, by=request.user.actor, days=others, **hours))
    made, kept = sum(part.made for part in planned), sum(part.kept for part in planned)
    said = ngettext("%(num)s shift is planned", "%(num)s shifts are planned", made) % {"num": made}
    if kept:
        said += ngettext(", %(num)s day had its shift", ", %(num)s days had their shift", kept) % {"num": kept}
    return said


def _partner(person: Person) -> Person | None:
    """The one other on the same seat; with three there is no «other half»."""
    others = list(person.seat.people.filter(is_active=True).exclude(pk=person.pk)[:2])
    return others[0] if len(others) == 1 else None


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _changed(request: PersonRequest, said: str) -> HttpResponse:
    """The grid as it is now, in its place."""
    if not request.htmx:
        return HttpResponseRedirect(f"{reverse('shifts')}?week={_monday(request).isoformat()}")
    answer = render(request, "settings/shift_grid.html", {**_grid(request), "oob": True})
    answer["HX-Trigger"] = json.dumps({"toast": {"text": said}})
    return answer


def _grid(request: PersonRequest) -> dict:
    zone, monday, by = company_zone(), _monday(request), request.user.actor
    found = queries.week(queries.staff(), monday, zone)
    return {
        "monday": monday,
        "days": _days(monday, monday + timedelta(days=6)),
        "today": clock.today(zone),
        "before": (monday - timedelta(days=7)).isoformat(),
        "after": (monday + timedelta(days=7)).isoformat(),
        "shift_hours": lambda shift: hours(shift, zone),
        "rows": [(person, days, may_manage(by, person)) for person, days in found],
        "oob": False,
    }


def _monday(request: PersonRequest) -> date:
    """The week asked for, else this one."""
    given = request.POST.get("week") or request.GET.get("week", "")
    try:
        day = date.fromisoformat(given)
    except ValueError:
        day = clock.today(company_zone())
    if not date(2000, 1, 1) < day < date(2100, 1, 1):
        day = clock.today(company_zone())
    return day - timedelta(days=day.weekday())


def hours(shift: Shift, zone: ZoneInfo) -> str:
    """«10–21», «22:30–6»: as people write it, in the company's time."""
    ends = [moment.astimezone(zone) for moment in (shift.span.lower, shift.span.upper)]
    return "–".join(f"{end.hour}:{end.minute:02}" if end.minute else str(end.hour) for end in ends)


def _given(request: PersonRequest) -> dict[str, str]:
    return {key: request.GET[key] for key in ("person", "day") if key in request.GET}


def _dialog(request: PersonRequest, template: str, values, errors=None, *, status: int = 200) -> HttpResponse:
    by = request.user.actor
    shown = {
        "values": values,
        "errors": errors or {},
        "people": [(person.pk, person.name) for person in queries.staff() if may_manage(by, person)],
        "week": _monday(request).isoformat(),
    }
    return dialog(request, template, shown, title=_("Shifts"), status=status)
