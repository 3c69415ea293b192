"""One's own tokens: make one, see when it was used, end it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from voronka.api.actions import issue_token, revoke_token
from voronka.api.models import Token
from voronka.api.scopes import AREAS, READ, READ_ONLY, WRITE
from voronka.kernel.errors import FieldErrors
from voronka.web.requests import PersonRequest
from voronka.web.settings.answers import dialog, done


@dataclass(frozen=True, kw_only=True)
class Row:
    token: Token
    reads: list[str]
    writes: list[str]


@login_required
@require_safe
def tokens(request: PersonRequest) -> HttpResponse:
    shown = {
        "current": "",
        "rows": [
            Row(token=token, reads=_titles(token.scopes, READ), writes=_titles(token.scopes, WRITE))
            for token in Token.objects.filter(person=request.user, revoked_at=None).order_by("-id")
        ],
    }
    return render(request, "tokens/page.html", shown)


@login_required
@sensitive_variables("secret")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    """POST shows the token, this once."""
    typed: dict[str, Any] = {"title": request.POST.get("title", ""), "scopes": request.POST.getlist("scopes")}
    if request.method != "POST":
        return _form(request, typed, {})
    try:
        token, secret = issue_token(request.user, by=request.user.actor, **typed)
    except FieldErrors as refused:
        return _form(request, typed, refused.errors, status=422)
    shown = {"token": token, "secret": secret, "address": reverse("tokens")}
    return dialog(request, "tokens/told.html", shown, title=_("New token"))


@login_required
@require_POST
def end(request: PersonRequest, number: int) -> HttpResponse:
    revoke_token(get_object_or_404(Token, pk=number, person=request.user), by=request.user.actor)
    return done(request, reverse("tokens"))


def _form(request: PersonRequest, typed: dict[str, Any], errors: dict[str, str], status: int = 200) -> HttpResponse:
    areas = [(area, title, area not in READ_ONLY) for area, title in AREAS.items()]
    shown = {"typed": typed, "areas": areas, "errors": errors}
    return dialog(request, "tokens/new.html", shown, title=_("New token"), status=status)


def _titles(scopes: Collection[str], way: str) -> list[str]:
    return [str(title) for area, title in AREAS.items() if f"{area}:{way}" in scopes]
