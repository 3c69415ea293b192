"""What stands over a list that has no bar of its own: saved views and the filter."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from voronka.kernel.filters import Tree
from voronka.staff.filters import scope_of
from voronka.web.list.bar import bar_of
from voronka.web.requests import PersonRequest

from .pages import PAGES


def over(name: str, request: PersonRequest, tree: Tree) -> dict[str, Any]:
    """Context of `views/slot.html` and `list/filter.html`. Half a dozen queries at most."""
    page, asked = PAGES[name], request.GET.dict()
    kept = {key: value for key, value in asked.items() if key in (*page.facts, "filter")}
    rows = page.rows(request.user, page.facts_of(asked))
    edit = asked.get("edit", "")
    known, scope = page.base(request.user), scope_of(request.user)
    return {
        "views_url": f"{reverse('views-tabs')}?{urlencode({'on': name, **kept})}",
        "filter_bar": bar_of(tree, page.bar_place(asked), known=known, scope=scope, rows=rows, edit=edit),
    }
