"""Around every request: whose language and clock it is in, and how a rule's «no» becomes an answer."""

import zoneinfo
from collections.abc import Callable
from contextlib import nullcontext

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation

from voronka.kernel import shelf
from voronka.kernel.errors import Conflict, FieldErrors, MissingFields, Refusal
from voronka.kernel.models import Installation
from voronka.staff.actions import touch
from voronka.staff.queries import one_asking

Answer = Callable[[HttpRequest], HttpResponse]

_WITHOUT_INSTALLATION = ("/first-run", "/static/", "/healthz", "/sw.js", "/language", "/api/")

_READS = ("GET", "HEAD")


class PersonMiddleware:
    """Person's language and time zone; before the first run everything leads to the first-run page."""

    installed = False

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self._installed() and not request.path.startswith(_WITHOUT_INSTALLATION):
            return HttpResponseRedirect(reverse("first_run"))
        # What is going to change something sees its own changes.
        with shelf.one_look() if request.method in _READS else nullcontext():
            return self._answer(request)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        person = request.user if request.user.is_authenticated else None
        language = person.language if person else translation.get_language_from_request(request)
        with (
            one_asking(),
            translation.override(language),
            timezone.override(zoneinfo.ZoneInfo(person.time_zone) if person else None),
        ):
            response = self.get_response(request)
        if person:
            touch(person)
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def _installed(self) -> bool:
        """Asked of the database until it is so once; it never becomes untrue."""
        cls = type(self)
        if not cls.installed:
            cls.installed = Installation.objects.exists()
        return cls.installed


class AnswerMiddleware:
    """An action's «no» as a clear answer: JSON for scripts, a page for people without them."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Refusal):
            return self._answer(request, 409, {"reason": error.reason, "rule": error.rule})
        if isinstance(error, MissingFields):
            return self._answer(request, 422, {"missing": error.fields})
        if isinstance(error, FieldErrors):
            return self._answer(request, 422, {"errors": error.errors})
        if isinstance(error, Conflict):
            return self._answer(request, 409, {"conflict": {key: list(pair) for key, pair in error.changed.items()}})
        return None

    def _answer(self, request: HttpRequest, status: int, facts: dict) -> HttpResponse:
        if request.headers.get("HX-Request") or request.headers.get("X-Requested-With"):
            return JsonResponse(facts, status=status)
        return render(request, "layout/refused.html", facts, status=status)
