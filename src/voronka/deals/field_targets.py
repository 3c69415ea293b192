"""What values of fields point to: whether a client or a file may be put into a field of this deal."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from voronka.clients.queries import client_names
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors
from voronka.kernel.models import Attachment

from .fields import FieldSpec
from .models import Deal


def check_targets(deal: Deal | None, values: Mapping[str, Any], by: Actor, *, known: Mapping[str, FieldSpec]) -> None:
    """Raises FieldErrors for a client that `by` does not see and for a file that is not this deal's or lies in another
    field; a new deal (None) has no files yet. A query for each kind that `values` hold."""
    errors = {key: _("There is no such client among those you see.") for key in unseen_clients(values, by, known=known)}
    files = {key: value for key, value in values.items() if value and known[key].type == "file"}
    lying = _lying(deal, files) if files else {}
    for key, ids in files.items():
        if any(lying.get(pk) not in ("", key) for pk in ids):
            errors[key] = _("This is not a file of the deal.")
    if errors:
        raise FieldErrors(errors)


def unseen_clients(values: Mapping[str, Any], by: Actor, *, known: Mapping[str, FieldSpec]) -> frozenset[str]:
    """Keys of fields whose client is not there or not before the eyes of `by`. A query when there are any."""
    clients = {key: value for key, value in values.items() if value and known[key].type == "client"}
    seen = client_names(clients.values(), by.reach) if clients else {}
    return frozenset(key for key, value in clients.items() if value not in seen)


def take_files(deal: Deal, values: Mapping[str, Any], *, known: Mapping[str, FieldSpec]) -> None:
    """Files that were put into fields belong to them from now on: whoever may not see the field doesn't see them."""
    for key, ids in values.items():
        if ids and known[key].type == "file":
            Attachment.objects.filter(pk__in=ids, deal_id=deal.pk, field="").update(field=key)


def _lying(deal: Deal | None, files: Mapping[str, Iterable[int]]) -> dict[int, str]:
    """File → the field it lies in, of the files that are the deal's."""
    ids = [pk for one in files.values() for pk in one]
    of_deal = Attachment.objects.filter(deal_id=deal.pk if deal else None, pk__in=ids).exclude(deal_id=None)
    return dict(of_deal.values_list("pk", "field"))
