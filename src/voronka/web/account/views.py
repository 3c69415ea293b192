"""In and out: sign-in, sign-out, the language of a stranger, and the way home."""

from collections.abc import Mapping

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from voronka.kernel import clock
from voronka.kernel.models import Installation
from voronka.notices.subscriptions import unsubscribe
from voronka.staff import entrance
from voronka.staff.models import Person
from voronka.staff.queries import company_zone
from voronka.web.formats import clock_time

from .address import client_address
from .forms import SignInForm, first_errors

#: In the session: which push subscription belongs to this browser.
PUSH = "push"


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(reverse("day"))


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    next_url = local_address(request, request.POST.get("next") or request.GET.get("next", ""))
    if request.user.is_authenticated:
        return HttpResponseRedirect(next_url or reverse("day"))
    if request.method != "POST":
        return _page(request, next_url=next_url, values={"remember": True})
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _page(request, next_url=next_url, values=form.data, errors=first_errors(form), status=422)
    facts = form.cleaned_data
    try:
        person = entrance.let_in(email=facts["email"], password=facts["password"], address=client_address(request))
    except entrance.WrongPassword as wrong:
        return _page(request, next_url=next_url, values=form.data, wrong=True, left=wrong.left, status=422)
    except entrance.TooManyAttempts as refused:
        return _wait(request, refused, next_url=next_url, values=form.data)
    enter(request, person, remember=facts["remember"])
    return HttpResponseRedirect(next_url or reverse("day"))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session here, and the pushes of this browser with it, even when the browser forgets to tell."""
    person = request.user
    if isinstance(person, Person):
        if browser := request.session.get(PUSH):
            unsubscribe(person, by=person.actor, endpoint_hash=browser)
        entrance.note_exit(person, by=person.actor)
    logout(request)
    return HttpResponseRedirect(reverse("sign_in"))


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """The language of somebody not signed in; a person's own is in the profile."""
    answer = HttpResponseRedirect(local_address(request, request.POST.get("next", "")) or reverse("sign_in"))
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES) and check_for_language(chosen):
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=365 * 24 * 3600,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return answer


def enter(request: HttpRequest, person: Person, *, remember: bool) -> None:
    """Begin a session with a new key; without `remember` it ends with the browser."""
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    if not remember:
        request.session.set_expiry(0)
    entrance.note_entry(person, by=person.actor, address=client_address(request))


def local_address(request: HttpRequest, address: str) -> str:
    """The address when it leads to a page of ours, else nothing."""
    hosts = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(address, allowed_hosts=hosts, require_https=request.is_secure())
    return address if safe and address.startswith("/") else ""


def _wait(request: HttpRequest, refused: entrance.TooManyAttempts, *, next_url: str, values: Mapping) -> HttpResponse:
    seconds = max(1, int((refused.until - clock.now()).total_seconds()))
    at = clock_time(refused.until, company_zone())
    answer = _page(request, next_url=next_url, values=values, wait_until=at, wait_minutes=-(-seconds // 60), status=429)
    answer["Retry-After"] = str(seconds)
    return answer


def _page(request: HttpRequest, *, status: int = 200, **facts) -> HttpResponse:
    values = facts.pop("values", {})
    company = Installation.objects.values_list("company_name", flat=True).first()
    defaults = {"errors": {}, "wrong": False, "left": 0, "wait_until": "", "wait_minutes": 0}
    shown = {
        **defaults,
        "company": company or "",
        "email": values.get("email", ""),
        "remember": bool(values.get("remember")),
        **facts,
    }
    return render(request, "account/sign_in.html", shown, status=status)
