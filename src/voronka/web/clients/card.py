"""The client card: who they are and how to reach them, and what we have done together, as far as a person sees."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from voronka.clients.filters import IDENTITY_TITLES, kind_options
from voronka.clients.models import Company, Consent, Contact, Identity
from voronka.clients.queries import contacts_of
from voronka.deals import fields, queries
from voronka.deals.fields import FieldSpec
from voronka.deals.models import Deal, Stage
from voronka.kernel import clock
from voronka.kernel.filters import All, Is, dump
from voronka.staff.models import Person
from voronka.tasks.models import Task
from voronka.web import formats
from voronka.web.board.tiles import next_step, subject, whose
from voronka.web.list.rows import inks_of

from . import history

DEALS_SHOWN = 20
TASKS_SHOWN = 20
SOON = 30

#: Kind of identity → icon and what the link starts with.
REACH = {
    "phone": ("phone", "tel:"),
    "email": ("mail", "mailto:"),
    "telegram": ("brand-telegram", "https://t.me/"),
    "whatsapp": ("brand-whatsapp", "https://wa.me/"),
    "vk": ("brand-vk", "https://vk.com/"),
    "instagram": ("brand-instagram", "https://instagram.com/"),
}


@dataclass(frozen=True, kw_only=True)
class Reach:
    id: int
    icon: str
    kind: str
    text: str
    href: str


def card(company: Company, person: Person) -> dict[str, Any]:
    """Everything the whole card shows. Contacts and declared fields are read once for all its parts."""
    known = fields.specs(person.actor)
    shown = people(company, person)
    ways = [way for row in shown["people"] for way in row["ways"]]
    return {
        "current": "clients",
        **head(company, person, ways=ways),
        **shown,
        **details(company, person),
        **work(company, person, known=known),
        **story(company, person, known=known),
    }


def head(company: Company, person: Person, *, ways: Sequence[Reach] | None = None) -> dict[str, Any]:
    """Name, new or repeat, what they have brought, the first way to reach them."""
    if ways is None:
        ways = [way for row in people(company, person)["people"] for way in row["ways"]]
    won = Q(stage__meaning=Stage.Meaning.WON)
    sums = (
        Deal.objects.visible_to(person)
        .filter(company=company)
        .aggregate(
            won=Count("pk", filter=won),
            sum=Coalesce(Sum("amount", filter=won), Decimal(0)),
            open=Count("pk", filter=Q(closed_at=None)),
        )
    )
    return {
        "company": company,
        "name_field": company_field(company, "name"),
        "kind_field": company_field(company, "kind"),
        "won_query": _deals_query(company, "won"),
        "sums": sums,
        "average": sums["sum"] / sums["won"] if sums["won"] else None,
        "is_repeat": sums["won"] > 0,
        "main": _first_of_each(ways),
        "since": _since(company),
    }


def people(company: Company, person: Person) -> dict[str, Any]:
    """Contacts with their ways to reach and birthdays."""
    return {"company": company, "people": [_person_row(one, ways) for one, ways in contacts_of(company)]}


def details(company: Company, person: Person) -> dict[str, Any]:
    return {
        "company": company,
        "comment_field": company_field(company, "comment"),
        "addresses": list(company.addresses.order_by("id")),
        "requisites": list(company.requisites.order_by("id")),
        "consents": list(
            Consent.objects.filter(contact__company=company).select_related("contact").order_by("-given_at")
        ),
        "denial": company.denials.filter(ended_at=None).order_by("-pk").first(),
        "may_hand_out": person.may("export_deals"),
    }


def work(company: Company, person: Person, *, known: Mapping[str, FieldSpec] | None = None) -> dict[str, Any]:
    """Deals and open tasks through the gate: of one client one may see some and not others."""
    found = queries.visible(person).filter(company=company)
    deals = list(found.order_by("closed_at", "-created_at")[: DEALS_SHOWN + 1])
    deals.sort(key=lambda deal: (deal.closed_at is not None, -deal.created_at.timestamp()))
    if known is None:
        known = fields.specs(person.actor) if deals else {}
    inks = inks_of(queries.stages())
    return {
        "company": company,
        "deals": [_deal_row(deal, known, inks) for deal in deals[:DEALS_SHOWN]],
        "all_query": _deals_query(company),
        "more_deals": len(deals) > DEALS_SHOWN,
        "tasks": _tasks(company, person),
    }


def story(
    company: Company,
    person: Person,
    *,
    before: int | None = None,
    known: Mapping[str, FieldSpec] | None = None,
) -> dict[str, Any]:
    return {"company": company, "history": history.page(company, person, before=before, known=known)}


def in_place(
    row: Company | Contact,
    key: str,
    *,
    label: str,
    kind: str = "text",
    options: list | None = None,
    text: str | None = None,
    empty: str = "",
) -> dict[str, Any]:
    """A field edited in place, as the macro `edit` shows it."""
    value = getattr(row, key)
    raw = value.isoformat() if isinstance(value, date) else value or ""
    place = "clients" if isinstance(row, Company) else "contacts"
    if text is None:
        text = str(dict(options).get(value, value)) if options else str(raw)
    return {
        "id": f"{place}-{row.pk}-{key}",
        "key": key,
        "label": label,
        "kind": kind,
        "value": raw,
        "text": text,
        "options": options,
        "empty": empty,
        "url": f"/{place}/{row.pk}/fields",
    }


def contact_field(contact: Contact, key: str) -> dict[str, Any]:
    if key == "name":
        return in_place(contact, "name", label=_("Name"))
    if key == "position":
        return in_place(contact, "position", label=_("Role"), empty=_("role"))
    text = birthday_text(contact.birthday) if contact.birthday else ""
    return in_place(contact, "birthday", label=_("Birthday"), kind="date", text=text, empty=_("when"))


def company_field(company: Company, key: str) -> dict[str, Any]:
    options = kind_options() if key == "kind" else None
    kind = {"comment": "textarea", "kind": "select"}.get(key, "text")
    labels = {"name": _("Name"), "comment": _("Note about the client"), "kind": _("Kind of client")}
    empty = _("What to remember about this client") if key == "comment" else ""
    return in_place(company, key, label=labels[key], kind=kind, options=options, empty=empty)


def birthday_text(day: date) -> str:
    return formats.long_day(day.replace(year=_today().year) if (day.month, day.day) != (2, 29) else day, today=_today())


def next_birthday(day: date, today: date) -> date:
    """The coming birthday; of the 29th of February in a usual year the 1st of March."""
    for year in (today.year, today.year + 1):
        try:
            coming = day.replace(year=year)
        except ValueError:
            coming = date(year, 3, 1)
        if coming >= today:
            return coming
    return day


def _deals_query(company: Company, state: str = "") -> str:
    """The list of deals behind a figure of the card."""
    own = Is("client.id", "=", company.pk)
    return urlencode({"filter": dump(All([own, Is("state", "=", state)]) if state else own)})


def _person_row(contact: Contact, identities: Iterable[Identity]) -> dict[str, Any]:
    today = _today()
    coming = next_birthday(contact.birthday, today) if contact.birthday else None
    days = (coming - today).days if coming else None
    age = coming.year - contact.birthday.year - (1 if days else 0) if coming and contact.birthday else None
    return {
        "contact": contact,
        "name": contact_field(contact, "name"),
        "position": contact_field(contact, "position"),
        "birthday": contact_field(contact, "birthday"),
        "age": ngettext("%(num)s year old", "%(num)s years old", age) % {"num": age} if age and age > 0 else "",
        "soon": _soon(days) if days is not None and days <= SOON else "",
        "ways": _ways(identities),
    }


def _soon(days: int) -> str:
    if days == 0:
        return _("today")
    return ngettext("in %(num)s day", "in %(num)s days", days) % {"num": days}


def _ways(identities: Iterable[Identity]) -> list[Reach]:
    return [
        Reach(
            id=one.pk,
            icon=REACH[one.kind][0],
            kind=str(IDENTITY_TITLES[Identity.Kind(one.kind)]),
            text=formats.phone(one.value) if one.value.startswith("+") else _handle(one),
            href=REACH[one.kind][1] + (one.value.lstrip("+") if one.kind == "whatsapp" else one.value),
        )
        for one in identities
    ]


def _handle(identity: Identity) -> str:
    return identity.value if identity.kind == Identity.Kind.EMAIL else f"@{identity.value}"


def _first_of_each(ways: Sequence[Reach]) -> list[Reach]:
    found: dict[str, Reach] = {}
    for way in ways:
        found.setdefault(way.icon, way)
    return list(found.values())


def _deal_row(deal: Deal, known: Mapping[str, FieldSpec], inks: Mapping[int, str]) -> dict[str, Any]:
    return {
        "deal": deal,
        "about": subject(deal, known) or deal.title or deal.funnel.title,
        "ink": inks.get(deal.stage_id, "var(--v-st1)"),
        "person": whose(deal.responsible),
    }


def _tasks(company: Company, person: Person) -> list[dict[str, Any]]:
    """Open tasks of the client and of its visible deals: two index scans, not an OR over a join."""
    open_tasks = Task.objects.visible_to(person).filter(done_at=None)
    deals = Deal.objects.visible_to(person).filter(company=company, closed_at=None).values("pk")
    own = open_tasks.filter(company=company).values("pk")
    found = Task.objects.filter(pk__in=own.union(open_tasks.filter(deal__in=deals).values("pk")))
    now = clock.now()
    ordered = found.select_related("kind", "responsible").order_by("due_at", "pk")[:TASKS_SHOWN]
    return [{"task": task, "step": next_step(task, now)} for task in ordered]


def _since(company: Company) -> str:
    """«Client since March 2023»."""
    words = formats.words(get_language() or "en")
    local = company.created_at.astimezone(timezone.get_current_timezone())
    return f"{words.months_full[local.month - 1]} {local.year}"


def _today() -> date:
    return clock.now().astimezone(timezone.get_current_timezone()).date()
