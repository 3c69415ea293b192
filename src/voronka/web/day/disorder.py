"""«Order in the cards»: what is wrong in my open deals, and the next one to mend.

A field is missing when the next stage will ask for it. Each check is a filter, so that the count and the list
behind it are one query.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from voronka.deals import fields
from voronka.deals.fields import FieldSpec
from voronka.deals.filters import base
from voronka.deals.models import Deal, Stage
from voronka.kernel.filters import All, Any, Base, Is, Scope, Tree, where
from voronka.staff.filters import scope_of
from voronka.staff.models import Person

from .figures import deals_url

MINE = All([Is("open", "=", True), Is("responsible", "in", ("me",))])

#: How phones begin that were typed where a name belongs.
#: Types that are chosen or put in on the card, not written in a line.
NOT_TYPED = ("client", "file")
PHONE_IN_NAME = Any(
    [
        Is("contact.name", "has", "+7"),
        *(Is("contact.name", "starts", start) for start in ("89", "8 9", "8-9", "8(9", "8 (9", "79")),
    ]
)


@dataclass(frozen=True, kw_only=True)
class Check:
    """`spec` is given where a field is empty: it can be mended here."""

    title: str
    tree: Tree
    spec: FieldSpec | None = None

    @property
    def url(self) -> str:
        """The list of exactly these deals."""
        return deals_url(All([*MINE.parts, self.tree]))


@dataclass(frozen=True, kw_only=True)
class Disorder:
    """`found`: checks with how many deals fail them. `score`: of a hundred open deals so many are in order."""

    found: Sequence[tuple[Check, int]]
    deals: int
    bad: int

    @property
    def score(self) -> int:
        return round(100 * (self.deals - self.bad) / self.deals) if self.deals else 100


class Order:
    """The checks of one person now; four queries to know them."""

    def __init__(self, person: Person) -> None:
        self.base: Base = base(declared=fields.declared(person.actor))
        self.scope: Scope = scope_of(person)
        self.checks = _checks(person)
        self.mine: QuerySet[Deal] = self._of(Deal.objects.visible_to(person), MINE)

    def disorder(self) -> Disorder:
        """One query."""
        conditions = [self._where(check.tree) for check in self.checks]
        counts = {f"c{number}": Count("id", filter=condition) for number, condition in enumerate(conditions)}
        bad = Count("id", filter=self._where(Any(check.tree for check in self.checks)))
        whole = self.mine.aggregate(deals=Count("id"), bad=bad, **counts)
        found = [(check, whole[f"c{number}"]) for number, check in enumerate(self.checks)]
        return Disorder(found=[one for one in found if one[1]], deals=whole["deals"], bad=whole["bad"])

    def next_to_mend(self, *, after: int = 0) -> tuple[Deal, Check] | None:
        """The next deal with an empty field, after the deal with that number; from the beginning when none follows."""
        mendable = [check for check in self.checks if check.spec]
        bad = self._of(self.mine, Any(check.tree for check in mendable))
        bad = bad.select_related("company", "contact").order_by("id")
        deal = bad.filter(pk__gt=after).first() or (bad.first() if after else None)
        if deal is None:
            return None
        one = Deal.objects.filter(pk=deal.pk)
        return next(((deal, check) for check in mendable if self._of(one, check.tree).exists()), None)

    def _where(self, tree: Tree) -> Q:
        return where(tree, self.base, self.scope)

    def _of(self, deals: QuerySet[Deal], tree: Tree) -> QuerySet[Deal]:
        return deals.filter(self._where(tree))


def _checks(person: Person) -> list[Check]:
    known = fields.specs(person.actor)
    return [
        *(
            Check(
                title=_("Without “%(field)s”") % {"field": known[key].title},
                tree=All([Is("stage", "in", tuple(stages)), _empty(known[key])]),
                spec=known[key] if known[key].editable and known[key].type not in NOT_TYPED else None,
            )
            for key, stages in _asked_next().items()
            if key in known
        ),
        Check(title=_("A phone in the name"), tree=PHONE_IN_NAME),
        Check(title=_("Source unknown"), tree=All([Is("channel", "empty"), Is("source", "empty")])),
    ]


def _asked_next() -> Mapping[str, list[int]]:
    """Field key → stages whose next stage requires it."""
    stages = Stage.objects.filter(is_active=True, funnel__is_active=True).order_by("funnel_id", "position")
    asked: dict[str, list[int]] = {}
    before: Stage | None = None
    for stage in stages:
        if before and before.funnel_id == stage.funnel_id and before.meaning == Stage.Meaning.OPEN:
            for key in stage.required if stage.meaning != Stage.Meaning.LOST else ():
                asked.setdefault(key, []).append(before.pk)
        before = stage
    return asked


def _empty(spec: FieldSpec) -> Is:
    """Money that is built in is never missing: nothing is written as zero."""
    return Is(spec.key, "=", 0) if spec.type == "money" and not spec.declared else Is(spec.key, "empty")
