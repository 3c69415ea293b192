"""Files that people put into a deal. Who sees the deal sees them."""

import mimetypes
from collections.abc import Sequence
from pathlib import PurePosixPath
from uuid import uuid4

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors
from voronka.kernel.models import Attachment

from ..models import Deal

LARGEST = 20 * 1024 * 1024
MOST = 10


def check_files(uploads: Sequence[UploadedFile]) -> None:
    """Raises FieldErrors under `files`."""
    if len(uploads) > MOST:
        raise FieldErrors({"files": _("At most {number} files at once.").format(number=MOST)})
    for upload in uploads:
        if (upload.size or 0) > LARGEST:
            raise FieldErrors({"files": _("{name} is larger than 20 MB.").format(name=upload.name)})


def keep_files(deal: Deal, uploads: Sequence[UploadedFile], by: Actor, *, field: str = "") -> list[Attachment]:
    """Store them under names of our own; what they are is told by the name, never by the sender. `field`: see
    Attachment."""
    return [_keep(deal, upload, by, field) for upload in uploads]


def _keep(deal: Deal, upload: UploadedFile, by: Actor, field: str) -> Attachment:
    name = PurePosixPath((upload.name or "").replace("\\", "/")).name.strip()[:200] or "file"
    attachment = Attachment(
        name=name,
        content_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
        size=upload.size or 0,
        deal_id=deal.pk,
        company_id=deal.company_id,
        person_id=by.person_id,
        field=field,
        created_at=clock.now(),
    )
    attachment.file.save(uuid4().hex, upload, save=False)
    attachment.save()
    return attachment
