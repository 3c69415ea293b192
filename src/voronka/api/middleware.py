"""Around every request of the API: who calls and in what language, how often, and whether it was asked before."""

import zoneinfo
from collections.abc import Callable

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from .door import Caller, caller_of
from .problems import problem
from .repeats import HEADER, once

PREFIX = "/api/"
_SAFE = ("GET", "HEAD", "OPTIONS")

Answer = Callable[[HttpRequest], HttpResponse]


class ApiMiddleware:
    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        caller = caller_of(request)
        request.caller = caller  # type: ignore[attr-defined]
        if caller is None:
            return self._found(request)
        with (
            translation.override(caller.person.language),
            timezone.override(zoneinfo.ZoneInfo(caller.person.time_zone)),
        ):
            answer = self._answer(request, caller)
        for name, value in caller.rate.headers().items():
            answer[name] = value
        answer.headers.setdefault("Cache-Control", "private, no-store")
        return answer

    def _answer(self, request: HttpRequest, caller: Caller) -> HttpResponse:
        if caller.rate.is_over:
            answer = problem(429, "too_many", _("Too many requests a minute."))
            answer["Retry-After"] = str(caller.rate.seconds)
            return answer
        if request.method in _SAFE or HEADER not in request.headers:
            return self._found(request)
        try:
            return once(request, caller, self._found)
        except RequestDataTooBig:
            return problem(413, "too_large", _("This request is too large."))
        except (SuspiciousOperation, BadRequest, MultiPartParserError, UnreadablePostError):
            return problem(400, "bad_request", _("This request can't be read."))

    def _found(self, request: HttpRequest) -> HttpResponse:
        """An address that leads nowhere is told as everything else here, not by the page for people."""
        answer = self.get_response(request)
        if answer.status_code == 404 and request.resolver_match is None:
            return problem(404, "not_found", _("There is no such address."))
        return answer
