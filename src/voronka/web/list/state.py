"""What the list shows, as its address says: funnel, filter, order."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import Http404, QueryDict

from voronka.deals import fields, queries
from voronka.deals.fields import FieldSpec
from voronka.deals.filters import OPEN, base
from voronka.deals.models import Deal, Funnel
from voronka.kernel.filters import Base, Scope, Tree, dump, parse, where
from voronka.staff.filters import scope_of
from voronka.staff.models import Person
from voronka.web.requests import PersonRequest

from .orders import DEFAULT, Order, order_of


@dataclass(frozen=True)
class ListState:
    """`funnel` None: deals of all funnels. A bare address is «all open»; an empty filter in it is everything."""

    person: Person
    funnels: tuple[Funnel, ...]
    funnel: Funnel | None
    tree: Tree
    sort: str
    known: Base
    specs: dict[str, FieldSpec]
    scope: Scope

    @classmethod
    def read(cls, request: PersonRequest, asked: QueryDict | None = None) -> "ListState":
        """An unknown funnel is a 404, an unknown order the usual one, a wrong filter a FilterError."""
        asked = request.GET if asked is None else asked
        funnels = tuple(queries.funnels())
        wanted = asked.get("funnel", "")
        funnel = next((one for one in funnels if one.key == wanted), None)
        if wanted and funnel is None:
            raise Http404
        declared = fields.declared(request.user.actor)
        known = base(declared=declared, funnel_id=funnel.pk if funnel else None)
        sort = asked.get("sort", DEFAULT)
        return cls(
            person=request.user,
            funnels=funnels,
            funnel=funnel,
            tree=parse(asked["filter"], known) if "filter" in asked else OPEN,
            sort=sort if order_of(sort, known) else DEFAULT,
            known=known,
            specs=fields.specs_of(declared, request.user.actor),
            scope=scope_of(request.user),
        )

    @property
    def facts(self) -> dict[str, str]:
        """The state as parameters of an address; what is usual is left out."""
        facts = {}
        if self.funnel:
            facts["funnel"] = self.funnel.key
        if self.tree != OPEN:
            facts["filter"] = dump(self.tree)
        if self.sort != DEFAULT:
            facts["sort"] = self.sort
        return facts

    @property
    def query(self) -> str:
        return urlencode(self.facts)

    def with_(self, **changes: Any) -> "ListState":
        return replace(self, **changes)

    @property
    def live(self) -> str:
        """Keys of the live messages that may change what the list holds."""
        return " ".join(f"funnel:{one.pk}" for one in ([self.funnel] if self.funnel else self.funnels))

    @cached_property
    def order(self) -> Order:
        found = order_of(self.sort, self.known)
        assert found is not None
        return found

    @property
    def seen(self) -> QuerySet[Deal]:
        """Deals of the chosen funnel that this person may see, not filtered."""
        deals = Deal.objects.visible_to(self.person)
        return deals.filter(funnel=self.funnel) if self.funnel else deals

    def condition(self, tree: Tree) -> Q:
        return where(tree, self.known, self.scope)

    def deals(self) -> QuerySet[Deal]:
        found = queries.visible(self.person).filter(self.condition(self.tree))
        return found.filter(funnel=self.funnel) if self.funnel else found
