"""What the desk shows: the queue of pairs, the pair in hand side by side, why, and how the search stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from voronka.clients.filters import IDENTITY_TITLES
from voronka.clients.matching.reasons import MEDIUM, STRONG, WORDS
from voronka.clients.models import Company, Contact, Matching, Scan, Suspicion
from voronka.deals.models import Deal
from voronka.duplicates import queue
from voronka.duplicates.actions import GOING
from voronka.staff.models import Person
from voronka.web import formats
from voronka.web.clients.sides import Line, joined, side_by_side
from voronka.web.deals.merging import side_by_side as deals_side_by_side

SHOWN = 30
Kind = Suspicion.Kind


@dataclass(frozen=True)
class Why:
    """`speaks`: «for» or «against»; `strength` in words."""

    text: str
    speaks: str
    strength: str


@dataclass(frozen=True)
class Item:
    """A pair of the queue. `percent` is the probability that the two are one, 0 when nobody has counted it."""

    pk: int
    names: tuple[str, str]
    percent: int
    why: str
    url: str
    current: bool


def facts(person: Person, kind: str, at: int | None = None) -> dict[str, Any]:
    waiting = {key: queue.waiting(key, person) for key in Kind.values}
    shown = list(waiting[kind][:SHOWN])
    asked = next((one for one in shown if one.pk == at), shown[0] if shown else None)
    if at and (asked is None or asked.pk != at):
        asked = waiting[kind].filter(pk=at).first() or asked
    return {
        "current": "clients",
        "kind": kind,
        "tabs": _tabs(waiting, kind),
        "items": _items(shown, asked),
        "asked": asked,
        "judged": queue.judged_today(person),
        **(_in_hand(asked, person) if asked else {}),
        **search_facts(person),
    }


def search_facts(person: Person) -> dict[str, Any]:
    """The last search and the setting; who may change them."""
    return {
        "scan": Scan.objects.select_related("begun_by").order_by("-pk").first(),
        "going": GOING,
        "automatic": Matching.objects.values_list("automatic", flat=True).first() or Matching.Automatic.OFF,
        "automatics": [
            (Matching.Automatic.OFF, _("Never: people decide")),
            (Matching.Automatic.STRICT, _("Only the surest: one of 10,000 may be wrong")),
            (Matching.Automatic.MEASURED, _("As measured: one of 1,000 may be wrong")),
        ],
        "may_search": person.may("manage_process"),
        "steps": {
            Kind.PERSON: _("people"),
            Kind.FIRM: _("companies"),
            Kind.FAMILY: _("families"),
            Kind.DEAL: _("deals"),
        },
    }


def _tabs(waiting: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    titles = {
        Kind.PERSON: _("People"),
        Kind.FIRM: _("Companies"),
        Kind.FAMILY: _("Families"),
        Kind.DEAL: _("Deals"),
    }
    return [
        {
            "title": title,
            "count": waiting[key].count(),
            "url": f"{reverse('duplicates')}?kind={key}",
            "current": key == kind,
        }
        for key, title in titles.items()
    ]


def _items(shown: Sequence[Suspicion], asked: Suspicion | None) -> list[Item]:
    names = _names(shown)
    return [
        Item(
            pk=one.pk,
            names=(names.get(one.left, "?"), names.get(one.right, "?")),
            percent=percent_of(one),
            why=", ".join(why.text for why in whys(one)[:2]),
            url=f"{reverse('duplicates')}?kind={one.kind}&at={one.pk}",
            current=asked is not None and one.pk == asked.pk,
        )
        for one in shown
    ]


def _names(shown: Iterable[Suspicion]) -> dict[int, str]:
    """Of pairs of one kind, by row. One query."""
    ids = {pk for one in shown for pk in (one.left, one.right)}
    kind = next((one.kind for one in shown), Kind.PERSON)
    if kind == Kind.DEAL:
        return {pk: f"№{pk} {title}" for pk, title in Deal.objects.filter(pk__in=ids).values_list("pk", "title")}
    model: type[Contact] | type[Company] = Contact if kind == Kind.PERSON else Company
    return dict(model.objects.filter(pk__in=ids).values_list("pk", "name"))


def percent_of(one: Suspicion) -> int:
    """Never quite all: nothing is certain."""
    return 0 if one.kind == Kind.FAMILY else min(99, round(100 / (1 + exp(-one.odds))))


def whys(one: Suspicion) -> list[Why]:
    found = []
    for key, level, weight in one.reasons:
        strength = _("strongly") if abs(weight) >= STRONG else _("medium") if abs(weight) >= MEDIUM else _("weakly")
        speaks = "against" if weight < 0 else "for"
        found.append(Why(str(WORDS[key][level]), speaks, "" if one.kind == Kind.FAMILY else strength))
    return found


def _in_hand(asked: Suspicion, person: Person) -> dict[str, Any]:
    if asked.kind == Kind.DEAL:
        both = Deal.objects.select_related("company", "stage", "responsible").in_bulk((asked.left, asked.right))
        left, right = both[asked.left], both[asked.right]
        return _laid(asked, f"№{left.pk}", f"№{right.pk}", deals_side_by_side(left, right), [left, right])
    if asked.kind != Kind.PERSON:
        return _clients(asked, asked.left, asked.right, person)
    people = Contact.objects.prefetch_related("identities").in_bulk((asked.left, asked.right))
    one, other = people[asked.left], people[asked.right]
    if one.company_id == other.company_id:
        return _laid(asked, one.name, other.name, _people(one, other), [])
    return _clients(asked, one.company_id, other.company_id, person)


def _clients(asked: Suspicion, left: int, right: int, person: Person) -> dict[str, Any]:
    both = Company.objects.select_related("responsible").in_bulk((left, right))
    one, other = both[left], both[right]
    deals = Deal.objects.visible_to(person).filter(company__in=(left, right)).select_related("stage")
    laid = _laid(asked, one.name, other.name, side_by_side(one, other, person), list(deals.order_by("-id")[:10]))
    return laid | {
        "left_company": left,
        "two_people": asked.kind == Kind.PERSON,
    }


def _laid(asked: Suspicion, left: str, right: str, lines: list[Line], deals: list[Deal]) -> dict[str, Any]:
    return {
        "left": left,
        "right": right,
        "sides": lines,
        "deals_together": deals,
        "percent": percent_of(asked),
        "whys": whys(asked),
    }


def _people(one: Contact, other: Contact) -> list[Line]:
    both = (one, other)
    lines = [Line(_("Name"), one.name, other.name)]
    for kind, title in IDENTITY_TITLES.items():
        left, right = (
            joined(
                formats.phone(way.value) if kind == "phone" else way.value
                for way in person.identities.all()
                if way.kind == kind
            )
            for person in both
        )
        lines.append(Line(str(title).capitalize(), left, right))
    born = [f"{person.birthday:%d.%m.%Y}" if person.birthday else "" for person in both]
    lines.append(Line(_("Birthday"), born[0], born[1]))
    return [line for line in lines if line.this or line.other]
