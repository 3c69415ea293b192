"""Files of deals: whoever sees the deal sees them."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404
from django.utils.translation import gettext as _
from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile

from voronka.deals import fields, queries
from voronka.deals.actions import add_note, put_files
from voronka.kernel.errors import FieldErrors
from voronka.kernel.models import Attachment

from ..door import ApiRequest, Door
from ..gate import one
from ..paging import Id, Line, Text
from .notes import deal_of

router = Router(auth=Door("files"), tags=["files"])


class FileShape(Schema):
    """Its bytes are at /deals/<deal>/files/<id>; `field` is the key of the field of files it was put into."""

    id: int
    deal: int | None
    name: str
    content_type: str
    size: int
    field: str
    person: int | None
    created_at: datetime


@router.get("/deals/{deal_id}/files", response=list[FileShape])
def list_files(request: ApiRequest, deal_id: Id) -> Any:
    return [shape(file) for file in files_of(request, deal_id).order_by("id")]


@router.post("/deals/{deal_id}/files", response={201: list[FileShape]})
def add_files(
    request: ApiRequest, deal_id: Id, files: File[list[UploadedFile]], text: Text = Form(""), field: Line = Form("")
) -> Any:
    """Up to ten files of 20 MB. With a `field` of files they are put into it; else they stand in the timeline as a
    note, with a word about them if there is one."""
    if any("\x00" in (upload.name or "") for upload in files):
        raise FieldErrors({"files": _("This name can't be kept.")})
    deal, by = deal_of(request, deal_id), request.caller.actor
    if field:
        spec = fields.specs(by).get(field)
        if spec is None or spec.type != "file":
            raise FieldErrors({"field": _("There is no such field of files.")})
        return Status(201, [shape(file) for file in put_files(deal.pk, by=by, key=field, uploads=files)])
    last = files_of(request, deal_id).order_by("-id").values_list("id", flat=True).first() or 0
    add_note(deal.pk, by=by, text=text, uploads=files)
    made = files_of(request, deal_id).filter(pk__gt=last, person_id=request.caller.person.pk).order_by("id")
    return Status(201, [shape(file) for file in made])


@router.get("/deals/{deal_id}/files/{file_id}", response={200: None})
def read_file(request: ApiRequest, deal_id: Id, file_id: Id) -> Any:
    """The bytes, always as a download."""
    found = one(files_of(request, deal_id), file_id)
    if not found.file.name or not found.file.storage.exists(found.file.name):
        raise Http404
    answer = FileResponse(
        found.file.open("rb"), as_attachment=True, filename=found.name, content_type="application/octet-stream"
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def files_of(request: ApiRequest, deal_id: int) -> QuerySet[Attachment]:
    return queries.attachments(deal_of(request, deal_id), request.caller.actor)


def shape(file: Attachment) -> dict[str, Any]:
    plain = {key: getattr(file, key) for key in ("id", "name", "content_type", "size", "field", "created_at")}
    return {**plain, "deal": file.deal_id, "person": file.person_id}
