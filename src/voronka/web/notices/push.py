"""What a browser tells about its pushes: see `notices.subscriptions`."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse, QueryDict
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from voronka.kernel.errors import FieldErrors
from voronka.notices import keys
from voronka.notices.models import PushSubscription
from voronka.notices.subscriptions import fingerprint, subscribe, unsubscribe
from voronka.web.account.views import PUSH
from voronka.web.requests import PersonRequest


@login_required
@require_safe
def key(request: PersonRequest) -> HttpResponse:
    """What to subscribe with."""
    return JsonResponse({"key": keys.public_key()})


@login_required
@require_http_methods(["POST", "DELETE"])
def subscriptions(request: PersonRequest) -> HttpResponse:
    """POST: this browser wants pushes. DELETE: no more."""
    facts = request.POST if request.method == "POST" else QueryDict(request.body)
    if request.method == "DELETE":
        _forget(request, fingerprint(facts.get("endpoint", "")))
        return HttpResponse(status=204)
    return _keep(request, facts)


@csrf_exempt
@login_required
@require_POST
def renewals(request: PersonRequest) -> HttpResponse:
    """The browser's service worker has got a new address. It has no token of a page, so it proves itself
    by the old address, which only that browser and we know.
    """
    old = fingerprint(request.POST.get("old", ""))
    if not PushSubscription.objects.filter(person=request.user, endpoint_hash=old).exists():
        return JsonResponse({"reason": "unknown subscription"}, status=404)
    answer = _keep(request, request.POST)
    if answer.status_code == 201:
        unsubscribe(request.user, by=request.user.actor, endpoint_hash=old)
    return answer


def _keep(request: PersonRequest, facts: QueryDict) -> HttpResponse:
    try:
        made = subscribe(
            request.user,
            by=request.user.actor,
            endpoint=facts.get("endpoint", ""),
            p256dh=facts.get("p256dh", ""),
            auth=facts.get("auth", ""),
        )
    except FieldErrors as refused:
        return JsonResponse({"errors": refused.errors, "reason": " ".join(refused.errors.values())}, status=422)
    request.session[PUSH] = made.endpoint_hash
    return JsonResponse({"key": made.server_key}, status=201)


def _forget(request: PersonRequest, endpoint_hash: str) -> None:
    unsubscribe(request.user, by=request.user.actor, endpoint_hash=endpoint_hash)
    if request.session.get(PUSH) == endpoint_hash:
        del request.session[PUSH]
