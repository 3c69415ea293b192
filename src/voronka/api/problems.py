"""A «no» as the API says it: problem details (RFC 9457), with the fields and the rule that spoke."""

import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from ninja.responses import Response

from voronka.kernel.errors import Conflict, FieldErrors, MissingFields, Refusal

from .door import Closed, Stranger

log = logging.getLogger("voronka.api")

CONTENT_TYPE = "application/problem+json"


class Changed(Exception):
    """The row is not the version that the caller has seen; `status` is 412 for If-Match, 409 for `version`."""

    def __init__(self, status: int, version: str) -> None:
        super().__init__(version)
        self.status, self.version = status, version


class Problem(Schema):
    """`code` is for programs, `detail` for people, in the language of the token's person.

    `rule` names the rule that refused; `errors` is field → sentence; `missing` are fields that the stage asks for;
    `conflict` is field → [value now, value wanted]; `version` is the present version of a changed row.
    """

    status: int
    code: str
    detail: str
    rule: str | None = None
    errors: dict[str, str] | None = None
    missing: list[str] | None = None
    conflict: dict[str, list[Any]] | None = None
    version: str | None = None


def problem(status: int, code: str, detail: str, **more: Any) -> HttpResponse:
    return Response(
        {"status": status, "code": code, "detail": detail, **more}, status=status, content_type=CONTENT_TYPE
    )


def stranger() -> HttpResponse:
    answer = problem(401, "unauthorized", _("A token is needed: Authorization: Bearer …"))
    answer["WWW-Authenticate"] = "Bearer"
    return answer


def wrong_fields(errors: dict[str, str]) -> HttpResponse:
    return problem(422, "invalid", _("Some values are wrong."), errors=errors)


def answer_for(api: NinjaAPI) -> None:
    """Teach the API every «no» there is."""
    table: dict[type[Exception], Any] = {
        Stranger: lambda error: stranger(),
        Closed: lambda error: problem(403, "forbidden", error.reason),
        Http404: lambda error: problem(404, "not_found", _("There is no such thing, or it is not yours to see.")),
        Refusal: lambda error: problem(409, "refused", error.reason, rule=error.rule),
        MissingFields: _missing,
        FieldErrors: lambda error: wrong_fields(error.errors),
        Conflict: lambda error: problem(
            409,
            "conflict",
            _("Somebody has changed it meanwhile."),
            conflict={key: list(pair) for key, pair in error.changed.items()},
        ),
        Changed: lambda error: problem(
            error.status, "changed", _("Somebody has changed it meanwhile."), version=error.version
        ),
        ValidationError: lambda error: wrong_fields(_named(error.errors)),
        HttpError: lambda error: problem(error.status_code, "bad_request", error.message),
        RequestDataTooBig: lambda error: problem(413, "too_large", _("This request is too large.")),
        SuspiciousOperation: lambda error: problem(400, "bad_request", _("This request can't be read.")),
        Exception: _broken,
    }
    for kind, answer in table.items():
        api.add_exception_handler(kind, _handler(answer))


def _handler(answer: Callable[[Any], HttpResponse]) -> Callable[[HttpRequest, Any], HttpResponse]:
    return lambda request, error: answer(error)


def _missing(error: MissingFields) -> HttpResponse:
    errors = {key: _("The stage asks for it.") for key in error.fields}
    return problem(422, "missing", _("Fill these first."), missing=error.fields, errors=errors)


def _broken(error: Exception) -> HttpResponse:
    log.error("The API failed", exc_info=error)
    return problem(500, "broken", _("Something broke on our side. It is in the server's log."))


def _named(errors: list[dict[str, Any]]) -> dict[str, str]:
    """Where in the body or the address → what is wrong; the wrapper's own names are left out."""
    return {".".join(str(part) for part in _path(error["loc"])) or "body": error["msg"] for error in errors}


def _path(place: tuple) -> tuple:
    """(«body», «payload», «amount») → («amount»,): operations take their body as `body`."""
    parts = place[1:]
    return parts[1:] if place and place[0] == "body" and parts[:1] == ("body",) else parts
