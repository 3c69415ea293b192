"""Addresses. Each area of `voronka.web` brings its own; health is for the supervisor and load balancers."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def healthz(request: HttpRequest) -> HttpResponse:
    """Alive and able to answer; asks no database."""
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("healthz", healthz),
    path("", include("voronka.api.urls")),
    path("", include("voronka.web.urls")),
]
