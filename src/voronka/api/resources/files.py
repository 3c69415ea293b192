"""Files of deals: whoever sees the deal sees them."""

from datetime import datetime
from typing import Any

from django.http import FileResponse, Http404
from django.utils.translation import gettext as _
from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile

from voronka.deals.actions import add_note
from voronka.deals.queries import attachments
from voronka.kernel.errors import FieldErrors
from voronka.kernel.models import Attachment

from ..door import ApiRequest, Door
from ..gate import one
from ..paging import Id, Text
from .notes import deal_of

router = Router(auth=Door("files"), tags=["files"])


class FileShape(Schema):
    """Its bytes are at /deals/<deal>/files/<id>."""

    id: int
    deal: int | None
    name: str
    content_type: str
    size: int
    person: int | None
    created_at: datetime


@router.get("/deals/{deal_id}/files", response=list[FileShape])
def list_files(request: ApiRequest, deal_id: Id) -> Any:
    return [shape(file) for file in attachments(deal_of(request, deal_id)).order_by("id")]


@router.post("/deals/{deal_id}/files", response={201: list[FileShape]})
def add_files(request: ApiRequest, deal_id: Id, files: File[list[UploadedFile]], text: Text = Form("")) -> Any:
    """Up to ten files of 20 MB, with a word about them if there is one; they stand in the timeline as a note."""
    if any("\x00" in (upload.name or "") for upload in files):
        raise FieldErrors({"files": _("This name can't be kept.")})
    deal = deal_of(request, deal_id)
    last = attachments(deal).order_by("-id").values_list("id", flat=True).first() or 0
    add_note(deal.pk, by=request.caller.actor, text=text, uploads=files)
    made = attachments(deal).filter(pk__gt=last, person_id=request.caller.person.pk).order_by("id")
    return Status(201, [shape(file) for file in made])


@router.get("/deals/{deal_id}/files/{file_id}", response={200: None})
def read_file(request: ApiRequest, deal_id: Id, file_id: Id) -> Any:
    """The bytes, always as a download."""
    found = one(attachments(deal_of(request, deal_id)), file_id)
    if not found.file.name or not found.file.storage.exists(found.file.name):
        raise Http404
    answer = FileResponse(
        found.file.open("rb"), as_attachment=True, filename=found.name, content_type="application/octet-stream"
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def shape(file: Attachment) -> dict[str, Any]:
    plain = {key: getattr(file, key) for key in ("id", "name", "content_type", "size", "created_at")}
    return {**plain, "deal": file.deal_id, "person": file.person_id}
