"""Files of a field of the deal: put in, taken out, put back. Each answers with the row as it is now."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from voronka.deals import fields, queries
from voronka.deals.actions import hold_file, put_files
from voronka.kernel.errors import FieldErrors
from voronka.web.requests import PersonRequest

from .answers import toast
from .entry import deal_of
from .inplace import row_again


@login_required
@require_POST
def files(request: PersonRequest, deal_id: int, key: str) -> HttpResponse:
    _needed(request, deal_id, key)
    try:
        put_files(deal_id, by=request.user.actor, key=key, uploads=request.FILES.getlist("files"))
    except FieldErrors as wrong:
        return JsonResponse({"errors": wrong.errors}, status=422)
    return row_again(request, deal_id, key)


@login_required
@require_http_methods(["PUT", "DELETE"])
def file(request: PersonRequest, deal_id: int, key: str, file_id: int) -> HttpResponse:
    """DELETE takes it out and offers the way back, which is PUT."""
    _needed(request, deal_id, key)
    held = request.method == "PUT"
    found = queries.attachments(deal_of(request, deal_id), request.user.actor).filter(pk=file_id, field=key).first()
    if found is None:
        raise Http404
    try:
        hold_file(deal_id, by=request.user.actor, key=key, file_id=file_id, held=held)
    except FieldErrors as wrong:
        return JsonResponse({"errors": wrong.errors}, status=422)
    answer = row_again(request, deal_id, key)
    if held:
        return answer
    back = {"url": f"/deals/{deal_id}/fields/{key}/files/{file_id}", "method": "put"}
    return toast(answer, _("Taken out: %(name)s") % {"name": found.name}, undo=back)


def _needed(request: PersonRequest, deal_id: int, key: str) -> None:
    deal_of(request, deal_id)
    spec = fields.specs(request.user.actor).get(key)
    if spec is None or spec.type != "file":
        raise Http404
