"""The first page of an installation: what company, which trade, who manages it. Closed for ever afterwards."""

import os
from collections.abc import Mapping
from secrets import compare_digest

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from voronka.kernel.errors import FieldErrors
from voronka.kernel.models import Installation
from voronka.presets import catalogue
from voronka.presets.founding import AlreadyFounded, found_company

from .forms import FirstRunForm, first_errors
from .views import enter
from .zones import zone_choices


@never_cache
@sensitive_post_parameters("password", "token")
@require_http_methods(["GET", "HEAD", "POST"])
def first_run(request: HttpRequest) -> HttpResponse:
    if Installation.objects.exists():
        raise Http404
    if request.method != "POST":
        return _page(request, values={"token": request.GET.get("token", "")})
    form = FirstRunForm(request.POST)
    errors = first_errors(form) | _token_errors(request)
    if errors:
        return _page(request, values=form.data, errors=errors, status=422)
    facts = {key: value for key, value in form.cleaned_data.items() if key != "token"}
    try:
        director = found_company(**facts, language=get_language() or "ru")
    except FieldErrors as refused:
        return _page(request, values=form.data, errors=refused.errors, status=422)
    except AlreadyFounded as error:
        raise Http404 from error
    enter(request, director, remember=True)
    return HttpResponseRedirect(reverse("day"))


def _token_errors(request: HttpRequest) -> dict[str, str]:
    """When the owner of the server has set a token, only who knows it founds the company."""
    wanted = os.environ.get("VORONKA_SETUP_TOKEN", "")
    given = request.POST.get("token", "").strip()
    if not wanted or compare_digest(given.encode(), wanted.encode()):
        return {}
    return {"token": _("This is not the code that the server printed when it started.")}


def _page(request: HttpRequest, *, values: Mapping, errors: dict | None = None, status: int = 200) -> HttpResponse:
    presets = catalogue.available()
    wished = os.environ.get("VORONKA_PRESET", "")
    keys = [preset.key for preset in presets]
    chosen = values.get("preset") or (wished if wished in keys else keys[0])
    shown = {
        "values": values,
        "errors": errors or {},
        "presets": presets,
        "chosen": chosen,
        "zones": zone_choices(values.get("time_zone", "")),
        "needs_token": bool(os.environ.get("VORONKA_SETUP_TOKEN")),
    }
    return render(request, "account/first_run.html", shown, status=status)
