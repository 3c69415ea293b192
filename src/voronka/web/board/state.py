"""What a board shows, as its address says: funnel, filter, order."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import Http404, QueryDict
from django.utils.translation import gettext_lazy as _

from voronka.deals import queries
from voronka.deals.fields import declared
from voronka.deals.filters import OPEN, VIEWS, base
from voronka.deals.models import Deal, Funnel
from voronka.kernel.filters import EVERYTHING, Base, Scope, Tree, dump, parse, where
from voronka.staff.filters import scope_of
from voronka.staff.models import Person
from voronka.web.requests import PersonRequest

#: Quick views of a board: untaken ones stand in their own column already.
TABS = [view for view in VIEWS if view.key != "untaken"]
ORDERS = {"step": _("nearest step"), "new": _("newest first"), "amount": _("largest first")}


@dataclass(frozen=True)
class BoardState:
    """`deals` are what this person sees of the funnel through this filter."""

    person: Person
    funnel: Funnel
    tree: Tree
    order: str
    known: Base
    scope: Scope
    funnels: tuple[Funnel, ...]

    @classmethod
    def read(cls, request: PersonRequest, asked: QueryDict | None = None) -> "BoardState":
        """Three queries. An unknown order falls back, an unknown funnel is a 404, a wrong filter a FilterError."""
        asked = request.GET if asked is None else asked
        funnels = queries.funnels()
        wanted = asked.get("funnel", "")
        funnel = next((one for one in funnels if not wanted or one.key == wanted), None)
        if funnel is None:
            raise Http404
        known = base(declared=declared(request.user.actor), funnel_id=funnel.pk)
        order = asked.get("sort", "step")
        return cls(
            person=request.user,
            funnel=funnel,
            tree=_usual(parse(asked.get("filter", ""), known)),
            order=order if order in ORDERS else "step",
            known=known,
            scope=scope_of(request.user),
            funnels=tuple(funnels),
        )

    @property
    def query(self) -> str:
        """The same state as a query string; what is usual is left out."""
        facts = {
            "funnel": self.funnel.key,
            "filter": dump(self.tree),
            "sort": "" if self.order == "step" else self.order,
        }
        return urlencode({key: value for key, value in facts.items() if value})

    def with_(self, **changes: Any) -> "BoardState":
        return replace(self, **changes)

    def deals(self) -> QuerySet[Deal]:
        return queries.visible(self.person).filter(self.condition(self.tree), funnel=self.funnel)

    def condition(self, tree: Tree) -> Q:
        return where(tree, self.known, self.scope)


def _usual(tree: Tree) -> Tree:
    """«All open» is the board as it is: its closing columns count what was closed."""
    return EVERYTHING if tree == OPEN else tree


def counts(state: BoardState) -> dict[str, Any]:
    """How many open deals each quick view holds, and `here` and `sum` of the chosen filter. One query."""
    found = Deal.objects.visible_to(state.person).filter(funnel=state.funnel, closed_at=None)
    held = {f"n_{view.key}": Count("id", filter=state.condition(view.tree)) for view in TABS}
    chosen = state.condition(state.tree) or None
    return found.aggregate(
        here=Count("id", filter=chosen), sum=Coalesce(Sum("amount", filter=chosen), Decimal(0)), **held
    )
