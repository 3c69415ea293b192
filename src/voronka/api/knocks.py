"""Where other systems set rules off: `POST /hooks/rules/<secret>` with JSON."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from voronka.kernel.errors import Refusal
from voronka.process import knocks


@csrf_exempt
@require_POST
def knock(request: HttpRequest, secret: str) -> JsonResponse:
    """What came is kept when this answers 202; the rule runs at once after."""
    try:
        kept = knocks.receive(secret, request.body)
    except Refusal as no:
        return JsonResponse({"error": no.reason}, status=400)
    if kept is None:
        return JsonResponse({"error": "There is no such address."}, status=404)
    return JsonResponse({"accepted": kept.pk}, status=202)
