"""What a board shows, as its address says: funnel, filter, order, lanes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import Http404, QueryDict
from django.utils.translation import gettext_lazy as _

from voronka.deals import fields, queries
from voronka.deals.filters import OPEN, VIEWS, base
from voronka.deals.models import Deal, FieldDef, Funnel, Stage
from voronka.kernel.filters import EVERYTHING, Base, Scope, Tree, dump, parse, where
from voronka.staff.filters import scope_of
from voronka.staff.models import Person
from voronka.web.requests import PersonRequest

#: Quick views of a board: untaken ones stand in their own column already.
TABS = [view for view in VIEWS if view.key != "untaken"]
ORDERS = {
    "step": _("nearest step"),
    "new": _("newest first"),
    "long": _("longest in the stage"),
    "amount": _("largest first"),
}
#: Lanes across the columns → what they are called, and the column of deals they go by.
LANES = {"": _("no lanes"), "responsible": _("by who leads"), "location": _("by location")}
LANE_COLUMNS = {"responsible": "responsible_id", "location": "location_id"}
#: What no tile shows: a board reads two hundred deals, and half of their columns would be made into objects for nobody.
UNSHOWN = (
    *("first_touch", "last_touch", "loss_comment"),
    *(f"company__{name}" for name in ("audience", "comment", "home", "tags", "segments", "responsible")),
    *(f"company__{name}" for name in ("created_at", "last_interaction_at")),
    *(f"contact__{name}" for name in ("position", "birthday", "is_child", "fields", "created_at")),
)


@dataclass(frozen=True)
class BoardState:
    """`deals` are what this person sees of the funnel through this filter."""

    person: Person
    funnel: Funnel
    tree: Tree
    order: str
    lanes: str
    known: Base
    scope: Scope
    ways: Mapping[Funnel, Sequence[Stage]]
    declared: Sequence[FieldDef]

    @classmethod
    def read(cls, request: PersonRequest, asked: QueryDict | None = None) -> "BoardState":
        """Three queries. What is unknown of order and lanes falls back, an unknown funnel is a 404, a wrong filter a
        FilterError."""
        asked = request.GET if asked is None else asked
        ways = queries.funnels_with_stages()
        wanted = asked.get("funnel", "")
        funnel = next((one for one in ways if not wanted or one.key == wanted), None)
        if funnel is None:
            raise Http404
        declared = fields.declared(request.user.actor)
        known = base(declared=declared, funnel_id=funnel.pk)
        order, lanes = asked.get("sort", "step"), asked.get("lanes", "")
        return cls(
            person=request.user,
            funnel=funnel,
            tree=_usual(parse(asked.get("filter", ""), known)),
            order=order if order in ORDERS else "step",
            lanes=lanes if lanes in LANES else "",
            known=known,
            scope=scope_of(request.user),
            ways=ways,
            declared=declared,
        )

    @property
    def stages(self) -> Sequence[Stage]:
        return self.ways[self.funnel]

    @property
    def lane(self) -> str:
        """The column of deals that lanes go by; «» without lanes."""
        return LANE_COLUMNS.get(self.lanes, "")

    @cached_property
    def fields(self) -> dict[str, fields.FieldSpec]:
        return fields.specs_of(self.declared, self.person.actor)

    @cached_property
    def query(self) -> str:
        """The same state as a query string; what is usual is left out."""
        facts = {
            "funnel": self.funnel.key,
            "filter": dump(self.tree),
            "sort": "" if self.order == "step" else self.order,
            "lanes": self.lanes,
        }
        return urlencode({key: value for key, value in facts.items() if value})

    def with_(self, **changes: Any) -> "BoardState":
        return replace(self, **changes)

    def deals(self) -> QuerySet[Deal]:
        return queries.visible(self.person).defer(*UNSHOWN).filter(self.condition(self.tree), funnel=self.funnel)

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
