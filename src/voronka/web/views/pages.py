"""Pages that have saved views over them: what they list, what their addresses say besides the filter."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse

from voronka.clients.models import Company
from voronka.deals import fields
from voronka.deals.filters import OPEN, VIEWS
from voronka.deals.filters import base as deals_base
from voronka.deals.models import Deal, Funnel
from voronka.kernel.filters import EVERYTHING, Base, FilterError, Tree, base, lists, parse, view_of
from voronka.kernel.filters.views import View
from voronka.staff.models import Person
from voronka.tasks.models import Task
from voronka.views.models import SavedView
from voronka.web.board.state import TABS as BOARD_VIEWS
from voronka.web.list.bar import Place
from voronka.web.tasks.queries import belonging

Facts = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Page:
    """`name` of its address; `facts`: parameters that a view keeps, `carried`: others that stay when the filter
    changes; `usual`: the filter of a bare address; `known`: views that everybody has there already."""

    place: str
    name: str
    usual: Tree
    rows: Callable[[Person, Facts], QuerySet]
    facts: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()
    known: tuple[View, ...] = field(default=())

    def base(self, person: Person, *, funnel: str = "") -> Base:
        """With a funnel's key its own stages alone can be chosen."""
        if self.place != "deals":
            return base(self.place)
        pk = Funnel.objects.filter(key=funnel).values_list("pk", flat=True).first() if funnel else None
        return deals_base(declared=fields.declared(person.actor), funnel_id=pk)

    def tree(self, asked: Facts, known: Base) -> Tree:
        """The filter of an address. Raises FilterError."""
        return self.shown(parse(asked["filter"], known)) if "filter" in asked else self.usual

    def kept(self, tree: Tree) -> Tree:
        """The board shows what is open by itself; a view says so."""
        return OPEN if self.name == "board" and tree == EVERYTHING else tree

    def shown(self, tree: Tree) -> Tree:
        return EVERYTHING if self.name == "board" and tree == OPEN else tree

    def facts_of(self, asked: Facts) -> dict[str, str]:
        return {key: asked[key][:100] for key in self.facts if asked.get(key)}

    def url(self, filter: object, facts: Facts) -> str:
        """An address; `filter` as `lists` writes it, whether it can be read or not."""
        usual = filter == lists(self.usual)
        query = {**facts, **({} if usual else {"filter": "" if filter == ["all"] else _text(filter)})}
        return f"{reverse(self.name)}?{urlencode(query)}" if query else reverse(self.name)

    def url_of(self, view: SavedView, known: Base, asked: Facts) -> str:
        facts = self.facts_of(view.facts)
        if self.name == "board" and "funnel" not in facts and asked.get("funnel"):
            facts["funnel"] = asked["funnel"]
        tree = self.tree_of(view, known)
        return self.url(view.filter if tree is None else lists(tree), facts)

    def tree_of(self, view: SavedView, known: Base) -> Tree | None:
        """The view's filter here; None when it names what is there no more or is not for this person."""
        try:
            return self.shown(parse(view.filter, known))
        except FilterError:
            return None

    def bar_place(self, asked: Facts) -> Place:
        """Where the links of a filter over this page lead; its own parameters stay."""
        facts = {key: value for key, value in asked.items() if key in (*self.facts, *self.carried) and value}
        return Place(path=reverse(self.name), usual=self.usual, on=self.name, counted=self.place, facts=facts)

    def is_built_in(self, tree: Tree) -> bool:
        return tree in (self.usual, EVERYTHING) or view_of(tree, self.known) is not None


def _text(filter: object) -> str:
    return json.dumps(filter, ensure_ascii=False, separators=(",", ":"))


def _deals(person: Person, facts: Facts) -> QuerySet:
    rows = Deal.objects.visible_to(person)
    return rows.filter(funnel__key=facts["funnel"]) if facts.get("funnel") else rows


def _open_deals(person: Person, facts: Facts) -> QuerySet:
    return _deals(person, facts).filter(closed_at=None)


def _tasks(person: Person, facts: Facts) -> QuerySet[Task]:
    rows = belonging(person, facts.get("who", "me"))
    return rows.filter(done_at__isnull=facts.get("state") != "done")


def _clients(person: Person, facts: Facts) -> QuerySet[Company]:
    rows = Company.objects.visible_to(person)
    return rows.filter(kind=facts["kind"]) if facts.get("kind") else rows


PAGES = {
    page.name: page
    for page in (
        Page(place="deals", name="deals", usual=OPEN, rows=_deals, facts=("funnel", "sort"), known=VIEWS),
        Page(
            place="deals",
            name="board",
            usual=EVERYTHING,
            rows=_open_deals,
            facts=("funnel",),
            carried=("sort",),
            known=tuple(BOARD_VIEWS),
        ),
        Page(place="tasks", name="tasks", usual=EVERYTHING, rows=_tasks, facts=("who", "state"), carried=("part",)),
        Page(
            place="tasks",
            name="calendar",
            usual=EVERYTHING,
            rows=_tasks,
            facts=("who",),
            carried=("view", "day", "show"),
        ),
        Page(place="clients", name="clients", usual=EVERYTHING, rows=_clients, facts=("kind",), carried=("q",)),
    )
}


def page_of(person: Person, name: str) -> Page:
    """Http404 for a page that is not there, or not for this person."""
    page = PAGES.get(name)
    if page is None or (page.name == "clients" and not person.may("see_clients")):
        raise Http404
    return page
