"""Saved views: filters with a name, one's own and shared ones."""

import json
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from django.db import transaction
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status
from pydantic import AfterValidator

from voronka.kernel.filters import base, lists, parse, where
from voronka.staff.filters import scope_of
from voronka.views import actions
from voronka.views.models import SavedView
from voronka.views.queries import view_for, views_of

from ..door import ApiRequest, Closed, Door
from ..gate import tagged
from ..paging import Id, Line, Text
from ..versions import check_version, version_of

router = Router(auth=Door("views"), tags=["views"])

Place = Literal["deals", "tasks", "clients"]
#: What else the address of a page says.
FACTS = ("funnel", "sort", "who", "state", "kind")


def known_facts(facts: dict[str, str]) -> dict[str, str]:
    if strange := set(facts) - set(FACTS):
        raise ValueError(f"{min(strange)}: one of {', '.join(FACTS)} is expected")
    return facts


Facts = Annotated[dict[str, Line], Field(max_length=5), AfterValidator(known_facts)]
Filter = Annotated[Text, Field(max_length=8000)]


class ViewShape(Schema):
    """`filter` is what the list of that place takes; `facts` is what else its page keeps: funnel, order."""

    id: int
    title: str
    place: str
    is_shared: bool
    may_change: bool
    filter: str
    facts: dict[str, str]
    version: str


class ViewMake(Schema):
    """`is_shared`: everybody has it; needs the right to share views."""

    place: Place
    title: Line
    filter: Filter = ""
    facts: Facts = {}
    is_shared: bool = False


class ViewChange(Schema):
    """Only what is given changes; with `version` or If-Match only if nobody has changed it since."""

    title: Line | None = None
    filter: Filter | None = None
    facts: Facts | None = None
    is_shared: bool | None = None
    version: str | None = None


@router.get("/views", response=list[ViewShape])
def list_views(request: ApiRequest, place: Place = "deals") -> Any:
    """Own and shared ones: give `filter` to the list of that place."""
    return [_shape(shown.view, may_change=shown.may_change) for shown in views_of(request.caller.person, place)]


@router.post("/views", response={201: ViewShape})
def make_view(request: ApiRequest, response: HttpResponse, body: ViewMake) -> Any:
    made = actions.save_view(
        by=request.caller.actor,
        place=body.place,
        title=body.title,
        filter=_tree(request, body.place, body.filter),
        facts=body.facts,
        shared=body.is_shared,
    )
    return Status(201, tagged(response, _shape(made, may_change=True)))


@router.patch("/views/{view_id}", response=ViewShape)
def change_view(request: ApiRequest, response: HttpResponse, view_id: Id, body: ViewChange) -> Any:
    view, by = _view(request, view_id), request.caller.actor
    with transaction.atomic():
        view = SavedView.objects.select_for_update().get(pk=view.pk)
        check_version(request, _version(view), body.version)
        if body.filter is not None or body.facts is not None:
            tree = view.filter if body.filter is None else _tree(request, view.place, body.filter)
            facts = view.facts if body.facts is None else body.facts
            view = actions.overwrite_view(view.pk, by=by, filter=tree, facts=facts)
        if body.title is not None or body.is_shared is not None:
            title = view.title if body.title is None else body.title
            shared = view.is_shared if body.is_shared is None else body.is_shared
            view = actions.change_view(view.pk, by=by, title=title, shared=shared)
    return tagged(response, _shape(view, may_change=True))


@router.delete("/views/{view_id}", response={204: None})
def remove_view(request: ApiRequest, view_id: Id) -> Any:
    actions.remove_view(_view(request, view_id).pk, by=request.caller.actor)
    return Status(204, None)


def _view(request: ApiRequest, view_id: int) -> SavedView:
    view = view_for(request.caller.person, view_id)
    if view is None:
        raise Http404
    return view


def _tree(request: ApiRequest, place: str, text: str) -> Sequence:
    """The filter as a view keeps it. Raises FieldErrors under the key of the field, or `filter`."""
    person = request.caller.person
    if place == "clients" and not person.may("see_clients"):
        raise Closed(_("Your role does not open this."))
    known = base(place)
    tree = parse(text, known)
    where(tree, known, scope_of(person))
    return lists(tree)


def _shape(view: SavedView, *, may_change: bool) -> dict[str, Any]:
    return {
        **{key: getattr(view, key) for key in ("id", "title", "place", "is_shared", "facts")},
        "may_change": may_change,
        "filter": json.dumps(view.filter, ensure_ascii=False, separators=(",", ":")) if view.filter else "",
        "version": _version(view),
    }


def _version(view: SavedView) -> str:
    return version_of(view.title, view.filter, view.facts, view.is_shared)
