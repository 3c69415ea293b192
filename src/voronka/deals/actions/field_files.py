"""Files of a field: put in one after another, so that two people lose nothing; taken out, they can be put back."""

from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors
from voronka.kernel.models import Attachment

from .. import fields
from ..models import Deal
from ._rows import locked
from .change_deal import apply_values, refuse_foreign
from .keep_files import check_files, keep_files


def put_files(deal_id: int, *, by: Actor, key: str, uploads: Sequence[UploadedFile]) -> list[Attachment]:
    """Add files to a field of files. Raises FieldErrors under the key of the field."""
    try:
        check_files(uploads)
    except FieldErrors as wrong:
        raise FieldErrors({key: wrong.errors["files"]}) from wrong
    with transaction.atomic():
        deal = locked(deal_id, by)
        kept = keep_files(deal, uploads, by, field=key)
        _write(deal, by, key, [*_held(deal, key), *(one.pk for one in kept)])
    return kept


def hold_file(deal_id: int, *, by: Actor, key: str, file_id: int, held: bool) -> None:
    """Take one file out of its field, or put it back. It stays a file of the deal either way."""
    with transaction.atomic():
        deal = locked(deal_id, by)
        others = [pk for pk in _held(deal, key) if pk != file_id]
        _write(deal, by, key, [*others, file_id] if held else others)


def _held(deal: Deal, key: str) -> list[int]:
    value = deal.fields.get(key)
    return value if isinstance(value, list) else []


def _write(deal: Deal, by: Actor, key: str, ids: list[int]) -> None:
    known = fields.specs(by)
    refuse_foreign([key], known)
    apply_values(deal, fields.parse_all({key: ids}, known), by, known=known)
