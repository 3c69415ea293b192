"""Saved views as tabs over a page: those pinned with their counts, the rest in a menu."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from voronka.deals.queries import funnels
from voronka.kernel.filters import Base, Scope, Tree, where
from voronka.staff.filters import scope_of
from voronka.staff.models import Person
from voronka.views.queries import Shown, views_of

from .pages import Facts, Page

#: Counted to here and no further: a tab says «1000+» at once, whatever the size of the base.
MOST_COUNTED, MOST_TABS = 1000, 8


@dataclass(frozen=True, kw_only=True)
class Tab:
    number: int
    title: str
    url: str
    count: str
    current: bool
    shared: bool
    broken: bool


@dataclass(frozen=True, kw_only=True)
class Tabs:
    """`save_url`: where this filter is saved as a view, «» when it is one already."""

    tabs: Sequence[Tab]
    others: Sequence[Tab]
    url: str
    save_url: str
    save_offered: bool
    all_url: str
    live: str


def tabs_of(person: Person, page: Page, asked: Facts) -> Tabs:
    """Raises FilterError. A query for each pinned view, besides half a dozen."""
    known, scope = page.base(person), scope_of(person)
    tree = page.tree(asked, known)
    shown = views_of(person, page.place)
    pinned = [one for one in shown if one.pinned][:MOST_TABS]
    found = {one.view.pk: _tab(one, page, person, known, scope, tree, asked, counted=one in pinned) for one in shown}
    tabs = [found[one.view.pk] for one in pinned]
    query = urlencode({"on": page.name, **page.facts_of(asked), **_filter(asked)})
    saved = any(tab.current for tab in found.values())
    return Tabs(
        tabs=tabs,
        others=[tab for tab in found.values() if tab not in tabs],
        url=f"{reverse('views-tabs')}?{query}",
        save_url=f"{reverse('view-new')}?{query}",
        save_offered=not saved and not page.is_built_in(tree),
        all_url=f"{reverse('views')}?{query}",
        live=_live(page, asked),
    )


def _filter(asked: Facts) -> dict[str, str]:
    return {"filter": asked["filter"]} if "filter" in asked else {}


def _tab(
    one: Shown, page: Page, person: Person, known: Base, scope: Scope, tree: Tree, asked: Facts, *, counted: bool
) -> Tab:
    view, own = one.view, page.tree_of(one.view, known)
    facts = page.facts_of(view.facts)
    here = {**page.facts_of(asked), **facts} if page.name == "board" else facts
    count = "" if own is None or not counted else _count(page.rows(person, here).filter(where(own, known, scope)))
    same_place = all(asked.get(key, "") == value for key, value in facts.items() if key != "sort")
    return Tab(
        number=view.pk,
        title=view.title,
        url=page.url_of(view, known, asked),
        count=count,
        current=own == tree and same_place,
        shared=view.is_shared,
        broken=own is None,
    )


def _count(rows) -> str:
    found = rows.order_by().values("pk")[: MOST_COUNTED + 1].count()
    return f"{MOST_COUNTED}+" if found > MOST_COUNTED else str(found)


def _live(page: Page, asked: Facts) -> str:
    """Keys of live messages that may change the counts."""
    if page.place != "deals":
        return ""
    wanted = asked.get("funnel")
    return " ".join(f"funnel:{one.pk}" for one in funnels() if not wanted or one.key == wanted)
