"""The page a device shows without a line. The service worker keeps it, so it says nothing of anybody's."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    return render(request, "offline/page.html")
