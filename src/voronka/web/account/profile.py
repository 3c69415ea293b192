"""One's own page: name, clock, language, theme, password, devices."""

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from voronka.kernel.errors import FieldErrors
from voronka.notices.models import PushSubscription
from voronka.staff import actions
from voronka.web.requests import PersonRequest

from . import notices
from .forms import PasswordForm, ProfileForm, first_errors
from .zones import zone_choices

#: What has just been done, said once on the page that opens after it.
DONE = ("saved", "password", "elsewhere", "notices")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: PersonRequest) -> HttpResponse:
    if request.method != "POST":
        return page(request)
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return page(request, values=form.data, errors=first_errors(form), status=422)
    actions.change_profile(request.user, by=request.user.actor, **form.cleaned_data)
    return back("saved")


@login_required
@sensitive_post_parameters("current", "password")
@require_POST
def password(request: PersonRequest) -> HttpResponse:
    form = PasswordForm(request.POST)
    if not form.is_valid():
        return page(request, errors=first_errors(form), status=422)
    try:
        actions.change_own_password(request.user, by=request.user.actor, **form.cleaned_data)
    except FieldErrors as refused:
        return page(request, errors=refused.errors, status=422)
    update_session_auth_hash(request, request.user)
    return back("password")


@login_required
@require_POST
def other_sessions(request: PersonRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    actions.sign_out_elsewhere(request.user, by=request.user.actor)
    update_session_auth_hash(request, request.user)
    return back("elsewhere")


@login_required
@require_POST
def theme(request: PersonRequest) -> HttpResponse:
    actions.set_theme(request.user, by=request.user.actor, theme=request.POST.get("theme", ""))
    if request.htmx or request.headers.get("X-Requested-With"):
        return HttpResponse(status=204)
    return HttpResponseRedirect(reverse("profile"))


def back(done: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('profile')}?done={done}")


def page(request: PersonRequest, *, values=None, errors=None, notice_settings=None, status: int = 200) -> HttpResponse:
    person = request.user
    done = request.GET.get("done", "")
    shown = {
        "current": "",
        "values": values or person_values(person),
        "errors": errors or {},
        "done": done if done in DONE and not errors else "",
        "zones": zone_choices(person.time_zone),
        "languages": settings.LANGUAGES,
        "person": person,
        "notice_settings": notice_settings or notices.settings(person),
        "devices": PushSubscription.objects.filter(person=person).count(),
    }
    return render(request, "account/profile.html", shown, status=status)


def person_values(person) -> dict[str, str]:
    return {key: getattr(person, key) for key in ("name", "phone", "time_zone", "language", "theme")}
