"""Two clients, or two open deals of one client, become one, and two again."""

from datetime import datetime
from typing import Any, Literal

from ninja import Router, Schema, Status

from voronka.clients.merges import parts_of
from voronka.clients.models import Company, Merge
from voronka.deals import actions
from voronka.deals.models import Deal

from ..door import ApiRequest, Door
from ..gate import named, one
from ..paging import Id

clients = Router(auth=Door("clients", permission="see_clients"), tags=["clients"])
deals = Router(auth=Door("deals"), tags=["deals"])

Side = Literal["survivor", "other"]


class MergeMake(Schema):
    """`other` becomes part of this one, with all that hangs on it."""

    other: Id


class MergeShape(Schema):
    id: int
    survivor: int
    other: int
    merged_at: datetime


@clients.post("/clients/{client_id}/merges", response={201: MergeShape})
def merge_clients(request: ApiRequest, client_id: Id, body: MergeMake) -> Any:
    """Make one client of two: `GET /clients/{other}` is 301 to the survivor from now on; hooks hear `client.merged`."""
    survivor = one(_clients(request), client_id)
    other = named(_clients(request), "other", body.other)
    assert other is not None
    return Status(201, actions.merge_clients(survivor.pk, other.pk, by=request.caller.actor))


@clients.delete("/clients/{client_id}/merges/{merge_id}", response={204: None})
def undo_merge_of_clients(request: ApiRequest, client_id: Id, merge_id: Id, since: Side = "survivor") -> Any:
    """Two clients again, each as it was with what was changed since; `since` gets what was added."""
    company = one(_clients(request), client_id)
    return _undo(request, Merge.Kind.COMPANY, parts_of(Merge.Kind.COMPANY, company.pk), merge_id, since)


@deals.post("/deals/{deal_id}/merges", response={201: MergeShape})
def merge_deals(request: ApiRequest, deal_id: Id, body: MergeMake) -> Any:
    """Make one deal of two open ones of one client: `GET /deals/{other}` is 301 to this one from now on; hooks hear
    `deal.merged`."""
    survivor = one(_deals(request), deal_id)
    other = named(_deals(request), "other", body.other)
    assert other is not None
    return Status(201, actions.merge_deals(survivor.pk, other.pk, by=request.caller.actor))


@deals.delete("/deals/{deal_id}/merges/{merge_id}", response={204: None})
def undo_merge_of_deals(request: ApiRequest, deal_id: Id, merge_id: Id, since: Side = "survivor") -> Any:
    """Two deals again, each as it was with what was changed since; `since` gets what was added."""
    return _undo(request, Merge.Kind.DEAL, one(_deals(request), deal_id).all_ids, merge_id, since)


def _undo(request: ApiRequest, kind: str, whole: list[int], merge_id: int, since: str) -> Any:
    merge = one(Merge.objects.filter(kind=kind, undone_at=None, survivor__in=whole), merge_id)
    actions.undo_merge(merge.pk, by=request.caller.actor, since_to_other=since == "other")
    return Status(204, None)


def _clients(request: ApiRequest) -> Any:
    return Company.objects.visible_to(request.caller.person)


def _deals(request: ApiRequest) -> Any:
    return Deal.objects.visible_to(request.caller.person)
