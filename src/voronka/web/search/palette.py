"""What the search box offers: people, deals, pages and commands, all through the gate."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, Sum
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markupsafe import Markup, escape

from voronka.clients.layout import other_layout
from voronka.clients.models import Company, Identity, Note
from voronka.clients.search import Found, Query, notes, read, top
from voronka.deals import fields, queries
from voronka.deals.fields import FieldSpec
from voronka.deals.models import Deal
from voronka.deals.search import Holding, deals_holding, files_named
from voronka.kernel.models import Attachment
from voronka.process import knowledge
from voronka.staff.models import Person
from voronka.web import formats
from voronka.web.board.tiles import client_name, subject
from voronka.web.context import sections

PEOPLE = 6
DEALS = 6
NOTES = 3
PAGES = 3
#: Fewer letters are in every article.
SHORTEST_WORD = 3
FILES = 3
#: So many letters of a note are shown, the words found among them.
SHOWN = 90
COMMANDS = 5


@dataclass(frozen=True, kw_only=True)
class Option:
    """`client`: initials' source when it is a person; else `icon`. `dialog`: opens in place."""

    url: str
    title: Markup
    note: Markup | str = ""
    icon: str = ""
    client: str = ""
    amount: Decimal | None = None
    dialog: bool = False
    card: bool = False


@dataclass(frozen=True, kw_only=True)
class Group:
    key: str
    title: str
    options: Sequence[Option]


def look(person: Person, typed: str, *, literal: bool = False) -> dict[str, Any]:
    """Groups in order."""
    typed = typed.strip()
    if not typed:
        return {"groups": [], "read_as": "", "similar": False, "literal_url": "", "empty": False}
    number = deal_number(typed)
    companies: list[Company] = []
    found = Found(Company.objects.none(), read(typed))
    if not number or typed[0].isdigit():
        companies, found = top(person, typed, limit=PEOPLE, literal=literal)
    deals = _deals(person, companies, number)
    people = _people(companies, found.query, person) if person.may("see_clients") else []
    holding = [] if len(deals) >= DEALS else _holding(person, typed, companies, deals)
    written = notes(person, read(typed), limit=NOTES)
    pages = [] if number else _read_pages(person, typed)
    files = [_file(file, read(typed)) for file in files_named(person, read(typed), limit=FILES)]
    commands = _commands(person, typed, companies)
    known = fields.specs(person.actor) if deals or holding else {}
    told = [_deal(deal, found.query, number, known) for deal in deals]
    told += [_deal(one.deal, read(typed), number, known, held=one.spec) for one in holding]
    groups = [
        Group(key="people", title=_("People"), options=people),
        Group(key="deals", title=_("Deals"), options=told),
        Group(key="notes", title=_("Notes"), options=[_note(note, found.query) for note in written]),
        Group(key="knowledge", title=_("Knowledge base"), options=pages),
        Group(key="files", title=_("Files"), options=files),
        Group(key="commands", title=_("Pages and commands"), options=commands),
    ]
    if number:
        groups[0], groups[1] = groups[1], groups[0]
    return {
        "groups": [group for group in groups if group.options],
        "read_as": found.read_as,
        "similar": found.similar,
        "literal_url": f"{reverse('search')}?{urlencode({'q': typed, 'literal': '1'})}",
        "empty": not (people or told or written or pages or files or commands),
    }


def deal_number(typed: str) -> int | None:
    """«1839», «№ 1839», «#1839» as the number of a deal."""
    match = re.fullmatch(r"(?:№|#|n)?\s*([0-9]{1,12})", typed.strip().lower())
    return int(match[1]) if match else None


def _people(companies: Sequence[Company], query: Query, person: Person) -> list[Option]:
    """Three queries: contacts, what they are reached by, sums of won deals."""
    ids = [company.pk for company in companies]
    contacts: dict[int, list[str]] = {}
    reach: dict[int, list[Identity]] = {}
    for identity in Identity.objects.filter(contact__company_id__in=ids).select_related("contact").order_by("id"):
        reach.setdefault(identity.contact.company_id, []).append(identity)
    for company in companies:
        contacts[company.pk] = sorted({one.contact.name for one in reach.get(company.pk, [])} - {company.name})
    won = {row["company_id"]: row for row in _won(person, ids)}
    options = []
    for company in companies:
        shown = _best(reach.get(company.pk, []), query)
        names = ", ".join(contacts[company.pk][:2])
        bought = won.get(company.pk, {}).get("won", 0)
        notes = [
            hit_phone(shown.value, query)
            if shown and shown.kind == "phone"
            else hit(shown.value if shown else "", query),
            hit(names, query),
            escape(ngettext("%(num)s won deal", "%(num)s won deals", bought) % {"num": bought} if bought else ""),
        ]
        options.append(
            Option(
                url=reverse("client", args=[company.pk]),
                title=hit(company.name, query),
                note=Markup(" · ").join(note for note in notes if note),
                client=company.name,
                amount=won.get(company.pk, {}).get("sum"),
            )
        )
    return options


def _reached_by(identity: Identity | None, query: Query) -> Markup:
    if identity is None:
        return Markup("")
    return hit_phone(identity.value, query) if identity.kind == Identity.Kind.PHONE else hit(identity.value, query)


def _won(person: Person, ids: Sequence[int]) -> Any:
    return (
        Deal.objects.visible_to(person)
        .filter(company_id__in=ids, stage__meaning="won")
        .order_by()
        .values("company_id")
        .annotate(won=Count("pk"), sum=Sum("amount"))
    )


def _best(identities: Sequence[Identity], query: Query) -> Identity | None:
    """The one that was looked for, else the first phone, else the first of all."""
    wanted = query.digits if query.is_phone else query.text
    matching = [one for one in identities if wanted and wanted in one.value]
    phones = [one for one in identities if one.kind == Identity.Kind.PHONE]
    return next(iter([*matching, *phones, *identities]), None)


def _deals(person: Person, companies: Sequence[Company], number: int | None) -> list[Deal]:
    """The deal with that number, then deals of the people found, open ones first. One or two queries."""
    seen = queries.visible(person)
    found = list(seen.filter(pk=number)) if number else []
    if companies:
        of_people = Q(company__in=[company.pk for company in companies])
        found += list(seen.filter(of_people, closed_at=None).order_by("-created_at")[:DEALS])
    return list({deal.pk: deal for deal in found}.values())[:DEALS]


def _holding(person: Person, typed: str, companies: Sequence[Company], deals: Sequence[Deal]) -> list[Holding]:
    """Further deals, found by what stands in their fields. One query."""
    clients = [company.pk for company in companies]
    found = deals_holding(person, typed, clients=clients, limit=DEALS)
    return [one for one in found if one.deal not in deals][: DEALS - len(deals)]


def _deal(
    deal: Deal, query: Query, number: int | None, known: Mapping[str, FieldSpec], *, held: FieldSpec | None = None
) -> Option:
    """`held`: the field in which it was found."""
    about = subject(deal, known) if deal.fields else deal.title
    title = f"№{deal.pk}" if deal.pk != number else Markup("№<mark class='v-hit'>{}</mark>").format(deal.pk)
    head = Markup("{} {}").format(title, about) if about else escape(title)
    note = Markup("{} · {}").format(hit(client_name(deal), query), deal.stage.title)
    if held:
        note += Markup(" · {}{}").format(held.title, _said(deal, held, query))
    return Option(
        url=f"/deals/{deal.pk}", title=head, note=note, icon="layout-kanban", amount=deal.amount or None, card=True
    )


def _note(note: Note, query: Query) -> Option:
    """Opens the deal it stands in, or the client."""
    url = f"/deals/{note.deal_id}" if note.deal_id else reverse("client", args=[note.company_id])
    first = query.text.split()[0] if query.text else ""
    place = max(note.text.lower().find(first) - SHOWN // 3, 0)
    text = ("…" if place else "") + note.text[place : place + SHOWN] + ("…" if len(note.text) > place + SHOWN else "")
    return Option(url=url, title=hit(text, query), note=note.company.name, icon="note", card=bool(note.deal_id))


def _read_pages(person: Person, typed: str) -> list[Option]:
    """Articles and scripts with these words; each opens over the page one is on."""
    found = knowledge.find(person, typed)[:PAGES] if len(typed) >= SHORTEST_WORD else []
    return [
        Option(
            url=reverse("knowledge-page", args=[one.page.kind, one.page.key]),
            title=marked(one.page.title, one.words),
            note=marked(one.excerpt[:SHOWN], one.words),
            icon="book-2" if one.page.kind == knowledge.ARTICLE else "message-2",
            dialog=True,
        )
        for one in found
    ]


def _said(deal: Deal, held: FieldSpec, query: Query) -> Markup:
    """Another client is told by the field's title alone: its name stands among the people found."""
    if held.type == "client":
        return Markup("")
    value = str(deal.fields[held.key])
    return Markup(": {}").format(formats.phone(value) if held.type == "phone" else hit(value, query))


def _file(file: Attachment, query: Query) -> Option:
    url = f"/deals/{file.deal_id}/files/{file.pk}"
    return Option(url=url, title=hit(file.name, query), note=f"№{file.deal_id}", icon="paperclip")


def _commands(person: Person, typed: str, companies: Sequence[Company]) -> list[Option]:
    """Pages and acts whose name has what is typed, in either layout; and the whole list of the people found."""
    wanted = {typed.lower(), other_layout(typed)}
    offered = [*_pages(person), *_acts(person)]
    found = [one for one in offered if any(text in str(one.title).lower() for text in wanted if len(text) > 1)]
    if len(companies) >= PEOPLE and person.may("see_clients"):
        title = escape(_("All clients with “%(text)s”") % {"text": typed})
        found.append(Option(url=f"{reverse('clients')}?{urlencode({'q': typed})}", title=title, icon="users"))
    return found[:COMMANDS]


def _pages(person: Person) -> Iterable[Option]:
    for section in sections(person):
        yield Option(url=section.url, title=escape(section.title), icon=section.icon)
    yield from _named(
        [("deals", _("List of deals"), "list"), ("profile", _("My profile"), "user"), ("notices", _("Notices"), "bell")]
    )


def _acts(person: Person) -> Iterable[Option]:
    acts = [("quick-add", _("Enter an inquiry"), "plus")] if person.may("create_deals") else []
    if person.may("see_clients"):
        acts.append(("client-new", _("New client"), "user-plus"))
    yield from (Option(url=one.url, title=one.title, icon=one.icon, dialog=True) for one in _named(acts))


def _named(pages: Iterable[tuple[str, str, str]]) -> Iterable[Option]:
    """Those of the pages that exist."""
    for name, title, icon in pages:
        try:
            yield Option(url=reverse(name), title=escape(title), icon=icon)
        except NoReverseMatch:
            continue


def hit(text: str, query: Query) -> Markup:
    """The text with what was looked for marked."""
    return escape(text) if query.is_phone else marked(text, query.text.split())


def marked(text: str, parts: Iterable[str]) -> Markup:
    """The text with these parts of it marked, in whatever case."""
    words = [re.escape(part).replace("е", "[её]").replace("ё", "[её]") for part in parts]
    if not words:
        return escape(text)
    pieces = re.split(f"({'|'.join(words)})", text, flags=re.IGNORECASE)
    return Markup("").join(
        Markup("<mark class='v-hit'>{}</mark>").format(piece) if place % 2 else escape(piece)
        for place, piece in enumerate(pieces)
    )


def hit_phone(value: str, query: Query) -> Markup:
    """A phone as people write it, with the digits that were looked for marked."""
    text = formats.phone(value)
    place = value.lstrip("+").find(query.digits) if query.is_phone else -1
    if place < 0:
        return escape(text)
    at = [index for index, sign in enumerate(text) if sign.isdigit()]
    first, last = at[place], at[place + len(query.digits) - 1] + 1
    return Markup("{}<mark class='v-hit'>{}</mark>{}").format(text[:first], text[first:last], text[last:])
