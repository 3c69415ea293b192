"""Files of a deal, through its gate. Only plain pictures are shown in the page; all else is downloaded."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.views.decorators.http import require_safe

from voronka.deals import queries
from voronka.web.requests import PersonRequest

from .entry import deal_of
from .fieldrows import PICTURES


@login_required
@require_safe
def download(request: PersonRequest, deal_id: int, file_id: int) -> HttpResponse | FileResponse:
    deal = deal_of(request, deal_id)
    found = queries.attachments(deal, request.user.actor).filter(pk=file_id).first()
    if found is None or not found.file.name or not found.file.storage.exists(found.file.name):
        raise Http404
    shown = found.content_type in PICTURES
    response = FileResponse(
        found.file.open("rb"),
        as_attachment=not shown,
        filename=found.name,
        content_type=found.content_type if shown else "application/octet-stream",
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response
