"""Tags: those the company has, and those that hang on a deal or a client."""

from typing import Annotated, Any

from django.db import transaction
from django.http import HttpResponse
from ninja import Field, Router, Schema
from pydantic import AfterValidator

from voronka.clients.models import Company, Tag
from voronka.clients.tags import LONGEST, MOST, Known, shown, tag_company, titles_of
from voronka.deals.actions import tag_deals

from ..door import ApiRequest, Door
from ..gate import one, tagged
from ..paging import Id, no_nul
from ..versions import check_version
from . import clients, deals

of_company = Router(auth=Door("setup"), tags=["setup"])
of_deals = Router(auth=Door("deals"), tags=["deals"])
of_clients = Router(auth=Door("clients", permission="see_clients"), tags=["clients"])


def one_word(title: str) -> str:
    """Commas part tags from one another."""
    if titles_of(title) != [title]:
        raise ValueError("a tag is a word or a few, without commas and needless spaces")
    return title


Title = Annotated[str, Field(min_length=1, max_length=LONGEST), AfterValidator(no_nul), AfterValidator(one_word)]


class TagShape(Schema):
    """`key` is what filters name it by: ["tags","in",["7"]]."""

    key: str
    title: str


class TagsPut(Schema):
    """All that shall hang there, by title; one that nobody has used yet is made."""

    tags: Annotated[list[Title], Field(max_length=MOST)]
    version: str | None = None


@of_company.get("/tags", response=list[TagShape])
def list_tags(request: ApiRequest) -> Any:
    return [{"key": key, "title": tag.title} for key, tag in request.caller.tags.items() if key == tag.key]


@of_deals.put("/{deal_id}/tags", response=deals.DealShape)
def put_deal_tags(request: ApiRequest, response: HttpResponse, deal_id: Id, body: TagsPut) -> dict[str, Any]:
    one(deals.seen(request), deal_id)
    with transaction.atomic():
        deal = deals.lock(request, deal_id, body.version)
        add, remove = _difference(deal.tags, body.tags, request.caller.tags)
        for refused in tag_deals([deal_id], by=request.caller.actor, add=add, remove=remove).values():
            raise refused
    del request.caller.tags
    return tagged(response, deals.shape(one(deals.rows(), deal_id), request.caller))


@of_clients.put("/clients/{client_id}/tags", response=clients.ClientShape)
def put_client_tags(request: ApiRequest, response: HttpResponse, client_id: Id, body: TagsPut) -> dict[str, Any]:
    one(clients.seen(request), client_id)
    with transaction.atomic():
        company = Company.objects.select_for_update().get(pk=client_id)
        check_version(request, clients.version(company), body.version)
        add, remove = _difference(company.tags, body.tags, request.caller.tags)
        company = tag_company(client_id, by=request.caller.actor, add=add, remove=remove)
    del request.caller.tags
    return tagged(response, clients.shape(company, request.caller))


def _difference(keys: list[str], wanted: list[str], known: Known) -> tuple[list[str], list[str]]:
    """(titles to hang on, keys to take off). A word of a merged tag is the tag it shows as."""
    words = {tag.title.casefold(): known[tag.key] for tag in Tag.objects.all() if tag.key in known}
    meant = [words[title.casefold()] for title in wanted if title.casefold() in words]
    hung = shown(keys, known)
    add = [title for title in wanted if words.get(title.casefold()) not in hung]
    return add, [tag.key for tag in hung if tag not in meant]
