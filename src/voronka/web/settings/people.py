"""People: the list, letting somebody in, changing, switching off and on, a new password."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from voronka.kernel.errors import FieldErrors, Refusal
from voronka.staff import actions
from voronka.staff.models import Brand, Location, Person, Role, Team
from voronka.staff.queries import company_zone
from voronka.staff.rights import may_grant, may_manage
from voronka.web.requests import PersonRequest

from . import queries, sights
from .access import permission_needed
from .answers import dialog, done
from .forms import OWN, NewPasswordForm, NewPersonForm, PersonForm, errors_of
from .passwords import make_password
from .sections import sections

needed = permission_needed("manage_people")


@login_required
@require_safe
def settings(request: PersonRequest) -> HttpResponse:
    """The first page that the person may open."""
    mine = sections(request.user)
    if not mine:
        raise PermissionDenied
    return HttpResponseRedirect(mine[0].url)


@needed
@require_safe
def people(request: PersonRequest) -> HttpResponse:
    left, text = request.GET.get("tab") == "left", request.GET.get("q", "").replace("\0", "").strip()[:80]
    rows = queries.rows(queries.staff(active=not left, text=text))
    chosen = _chosen(rows, request.GET.get("person", ""))
    shown = {
        "current": "settings",
        "sections": sections(request.user),
        "here": "people",
        "tab": "left" if left else "people",
        "q": text,
        "rows": rows,
        "chosen": chosen,
        "sights": sights.of_person(chosen.person, chosen.partners) if chosen else [],
        "may_change": bool(chosen and may_manage(request.user.actor, chosen.person)),
        "counts": {
            "people": Person.objects.filter(is_active=True).count(),
            "roles": Role.objects.count(),
            "left": Person.objects.filter(is_active=False).count(),
        },
        "query": lambda **changed: _query(request, **changed),
    }
    return render(request, "settings/people.html", shown)


@needed
@require_safe
def roles(request: PersonRequest) -> HttpResponse:
    found = list(Role.objects.order_by("position", "id"))
    shown = {
        "current": "settings",
        "sections": sections(request.user),
        "here": "people",
        "roles": [(role, sights.of_role(role), role.people.filter(is_active=True).count()) for role in found],
        "counts": {
            "people": Person.objects.filter(is_active=True).count(),
            "roles": len(found),
            "left": Person.objects.filter(is_active=False).count(),
        },
    }
    return render(request, "settings/roles.html", shown)


@needed
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    if request.method != "POST":
        return _form(request, NewPersonForm(initial={"seat": OWN}))
    form = NewPersonForm(request.POST)
    if not form.is_valid():
        return _form(request, form, errors_of(form), status=422)
    facts = form.cleaned_data
    password = facts.pop("password") or make_password()
    try:
        person = actions.hire_person(by=request.user.actor, password=password, time_zone=company_zone().key, **facts)
    except FieldErrors as refused:
        return _form(request, form, refused.errors, status=422)
    except Refusal as refused:
        return _form(request, form, {"role": refused.reason}, status=422)
    return _told(request, person, password)


@needed
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: PersonRequest, number: int) -> HttpResponse:
    person = _person(number)
    if request.method != "POST":
        return _form(request, PersonForm(initial=_initial(person)), person=person)
    form = PersonForm(request.POST)
    if not form.is_valid():
        return _form(request, form, errors_of(form), person=person, status=422)
    facts = form.cleaned_data
    try:
        actions.change_person(person, by=request.user.actor, own_seat=facts["seat"] is None, **facts)
    except FieldErrors as refused:
        return _form(request, form, refused.errors, person=person, status=422)
    except Refusal as refused:
        return _form(request, form, {"role": refused.reason}, person=person, status=422)
    return done(request, _address(person))


@needed
@require_POST
def activity(request: PersonRequest, number: int) -> HttpResponse:
    """Switched on or off; a refusal says why."""
    person = _person(number)
    actions.set_active(person, by=request.user.actor, active=request.POST.get("active") == "1")
    return done(request, reverse("people"))


@needed
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: PersonRequest, number: int) -> HttpResponse:
    person = _person(number)
    shown = {"person": person, "errors": {}, "values": {}}
    title = _("New password")
    if request.method != "POST":
        return dialog(request, "settings/password.html", shown, title=title)
    form = NewPasswordForm(request.POST)
    try:
        if not form.is_valid():
            raise FieldErrors(errors_of(form))
        word = form.cleaned_data["password"] or make_password()
        actions.set_password(person, by=request.user.actor, password=word)
    except FieldErrors as refused:
        return dialog(request, "settings/password.html", {**shown, "errors": refused.errors}, title=title, status=422)
    return _told(request, person, word)


def _person(number: int) -> Person:
    return get_object_or_404(Person.objects.select_related("role", "seat", "team"), pk=number)


def _address(person: Person) -> str:
    return f"{reverse('people')}?{urlencode({'person': person.pk})}"


def _told(request: PersonRequest, person: Person, word: str) -> HttpResponse:
    """The password, shown this once."""
    shown = {"person": person, "password": word, "address": _address(person)}
    return dialog(request, "settings/told.html", shown, title=_("Password"))


def _chosen(rows: list[queries.Row], number: str) -> queries.Row | None:
    return next((row for row in rows if str(row.person.pk) == number), rows[0] if rows else None)


def _query(request: PersonRequest, **changed) -> str:
    kept = {key: request.GET.get(key, "") for key in ("tab", "q", "person")}
    wanted = {key: value for key, value in {**kept, **changed}.items() if value}
    return f"{reverse('people')}?{urlencode(wanted)}" if wanted else reverse("people")


def _initial(person: Person) -> dict:
    shared = person.seat.people.exclude(pk=person.pk).exists()
    return {
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "role": person.role_id,
        "seat": str(person.seat_id) if shared else OWN,
        "team": person.team_id,
        "brands": [brand.pk for brand in person.brands.all()],
        "locations": [location.pk for location in person.locations.all()],
    }


def _form(
    request: PersonRequest,
    form: PersonForm,
    errors: dict[str, str] | None = None,
    *,
    person: Person | None = None,
    status: int = 200,
) -> HttpResponse:
    by = request.user.actor
    found = list(Brand.objects.order_by("name")), list(Location.objects.select_related("brand").order_by("name"))
    roles = [role for role in Role.objects.order_by("position", "id") if may_grant(by, role)]
    if person and person.role not in roles:
        roles.append(person.role)
    shown = {
        "form": form,
        "errors": errors or {},
        "person": person,
        "roles": [(role.pk, role.title) for role in roles],
        "seats": _seats(request.user, person),
        "teams": [(team.pk, team.name) for team in Team.objects.order_by("name")],
        "brands": [brand for brand in found[0] if by.reach and ({"*", f"b:{brand.pk}"} & by.reach)],
        "locations": [place for place in found[1] if by.reach and ({"*", f"b:{place.brand_id}"} & by.reach)],
    }
    title = person.name if person else _("New person")
    return dialog(request, "settings/person.html", shown, title=title, status=status)


def _seats(me: Person, person: Person | None) -> list[tuple[str, str]]:
    """Accounts that may be shared: one's own, or those of people whom `me` manages."""
    seats: dict[int, list[str]] = {}
    for other in queries.staff():
        if (person is None or other.pk != person.pk) and may_manage(me.actor, other):
            seats.setdefault(other.seat_id, []).append(other.name)
    return [(str(seat), _("Together with: %(names)s") % {"names": ", ".join(names)}) for seat, names in seats.items()]
