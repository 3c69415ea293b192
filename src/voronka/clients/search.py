"""Finding clients by what people remember: part of a name, a phone in any spelling, an e-mail, an INN."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from django.contrib.postgres.search import SearchQuery
from django.db.models import Case, F, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Concat, Lower
from django.db.models.lookups import Contains, Regex

from voronka.kernel.access import EVERYTHING
from voronka.staff.models import Person

from . import spelling
from .layout import other_layout
from .models import Company, Contact, Identity, Note, Requisites, name_words, note_age, note_words

#: Letters and digits fewer than this would match half of the base.
SHORTEST = 2
SHORTEST_PHONE = 3
LONGEST = 100
WORDS = 5
#: How many matches of one kind are compared when only the last few are wanted.
MATCHES = 100
#: Clients spoken to last among whom namesakes are looked for, and notes that are compared.
RECENT, NOTES, SHORTEST_NOTE = 600, 300, 3
#: Who sees fewer clients than these has the notes looked for among theirs.
FEW = 1000
_NAME = Lower("name", output_field=TextField())
#: For each word typed those it may stand for.
Alike = Sequence[Sequence[str]]
LAST_FIRST = (F("last_interaction_at").desc(nulls_last=True), "id")


@dataclass(frozen=True)
class Query:
    """What was typed, as words and as digits of a phone or INN; either may be empty.

    `parts`: for each word the words of names that it is a part of; None when that is not known.
    """

    text: str
    digits: str
    parts: Alike | None = None

    @property
    def is_phone(self) -> bool:
        letters = sum(sign.isalpha() for sign in self.text)
        return len(self.digits) >= SHORTEST_PHONE and letters == 0

    @property
    def is_empty(self) -> bool:
        return len(self.text) < SHORTEST and not self.is_phone


def read(typed: str) -> Query:
    """Trimmed, lower case, cut to a length that nobody types by hand."""
    text = " ".join(typed.replace("\x00", " ").split())[:LONGEST].lower()
    text = text.encode("utf-8", "ignore").decode()
    return Query(text, phone_digits(text))


def phone_digits(text: str) -> str:
    """Digits of a phone as they stand in E.164: the leading 8 of a whole Russian number is a 7."""
    digits = "".join(sign for sign in text if sign.isdecimal() and sign.isascii())
    return "7" + digits[1:] if len(digits) == 11 and digits.startswith("8") else digits


def matching(person: Person, query: Query, *, at_most: int | None = None, alike: Alike = ()) -> QuerySet:
    """Ids of clients that match and that this person may see: a union of index scans, since OR would walk the table.

    `at_most` of each kind: the gate stands inside each scan, so those who see few are not answered with nothing; then
    those spoken to of late stand among them. `alike` are words to be found instead of those typed.
    """
    if query.is_phone:
        phones = _reached(person).filter(kind=Identity.Kind.PHONE, value__contains=query.digits)
        inn = Requisites.objects.visible_to(person).filter(inn=query.digits).values_list("company_id", flat=True)
        scans = [phones.values_list("contact__company_id", flat=True), inn]
    else:
        scans = [*_called(person, query, alike, last=bool(at_most)), *_handles(person, query.text)]
    if not scans:
        return Company.objects.none()
    first, *rest = (scan.order_by()[:at_most] if at_most else scan.order_by() for scan in scans)
    return first.union(*rest)


def names_with(text: str) -> Q:
    """Rows in whose name each word stands."""
    return _named(text, (), _NAME)


def _called(person: Person, query: Query, alike: Alike, *, last: bool) -> list[QuerySet]:
    """Clients and contacts so named; none to ask when no name has such a word."""
    words = alike or query.parts
    if words is not None and not all(words):
        return []
    companies: QuerySet = Company.objects.visible_to(person)
    contacts: QuerySet = Contact.objects.visible_to(person)
    if words is None:
        names = _named(query.text, alike, _NAME)
        companies, contacts = companies.filter(names), contacts.filter(names)
    else:
        companies, contacts = _with_words(companies, words), _with_words(contacts, words)
    scans = [companies.values_list("pk", flat=True), contacts.values_list("company_id", flat=True)]
    if last:
        unindexed = Concat(_NAME, Value(""), output_field=TextField())
        scans.append(_recent(person, _named(query.text, alike, unindexed)))
    return scans


def _with_words(rows: QuerySet, words: Alike) -> QuerySet:
    """Those whose name has one of each."""
    rows = rows.alias(words=name_words())
    for one_of in words[:WORDS]:
        rows = rows.filter(words__overlap=list(one_of))
    return rows


def _handles(person: Person, text: str) -> list[QuerySet]:
    if not any(sign.isascii() and sign.isalnum() for sign in text):
        return []
    found = _reached(person).exclude(kind=Identity.Kind.PHONE).filter(value__contains=text.lstrip("@"))
    return [found.values_list("contact__company_id", flat=True)]


def _recent(person: Person, names: Q) -> QuerySet:
    """Of those spoken to last the ones so named: of thousands of namesakes the last are wanted. `names` are asked in a
    way that the trigram index does not serve, or all the namesakes would be read first."""
    last = Company.objects.order_by(*LAST_FIRST).values("pk")[:RECENT]
    return Company.objects.visible_to(person).filter(names, pk__in=last).values_list("pk", flat=True)


def clients(person: Person, query: Query, *, at_most: int | None = None, alike: Alike = ()) -> QuerySet[Company]:
    """Clients this person may see that match what was typed, letter by letter, or words `alike`."""
    if query.is_empty:
        return Company.objects.none()
    return Company.objects.visible_to(person).filter(pk__in=matching(person, query, at_most=at_most, alike=alike))


@dataclass(frozen=True)
class Found:
    """`read_as`: the text in the other layout when only that was found; `similar`: found by likeness, with typos."""

    rows: QuerySet[Company]
    query: Query
    read_as: str = ""
    similar: bool = False


def find(person: Person, typed: str, *, literal: bool = False) -> Found:
    """As typed; if nobody is found, as typed in the other layout; if still nobody, words much like it."""
    with spelling.searching():
        readings = _readings(typed, literal)
        for query, read_as in readings:
            if clients(person, query, at_most=1).exists():
                return Found(clients(person, query), query, read_as)
        rows = _alike(person, readings[0][0], literal)
        return Found(rows, readings[0][0], similar=rows.exists())


def top(person: Person, typed: str, *, limit: int, literal: bool = False) -> tuple[list[Company], Found]:
    """The few looked for as in `find`, own ones first, then those last spoken to; MATCHES of each kind are compared."""
    with spelling.searching():
        return _top(person, _readings(typed, literal), limit, literal)


def _top(person: Person, readings: list[tuple[Query, str]], limit: int, literal: bool) -> tuple[list[Company], Found]:
    for query, read_as in readings:
        rows = _own_first(person, clients(person, query, at_most=MATCHES))
        if found := list(rows[:limit]):
            return found, Found(rows, query, read_as)
    rows = _own_first(person, _alike(person, readings[0][0], literal, at_most=MATCHES))
    found = list(rows[:limit])
    return found, Found(rows, readings[0][0], similar=bool(found))


def _own_first(person: Person, rows: QuerySet[Company]) -> QuerySet[Company]:
    own = Case(When(audience__contains=[f"s:{person.seat_id}"], then=0), default=1)
    return rows.order_by(own, *LAST_FIRST)


def _readings(typed: str, literal: bool) -> list[tuple[Query, str]]:
    """What the text may mean, and how it was read when not as it stands."""
    query = read(typed)
    other = read(other_layout(query.text))
    swapped = not (literal or query.is_empty or query.is_phone or other.is_phone or other.text == query.text)
    readings = [(query, ""), (other, other.text)] if swapped else [(query, "")]
    parts = spelling.containing([query.text for query, _read_as in readings if not query.is_phone])
    return [(replace(query, parts=known), read_as) for (query, read_as), known in zip_longest(readings, parts)]


def _alike(person: Person, query: Query, literal: bool, *, at_most: int | None = None) -> QuerySet[Company]:
    """Words of names that the typed ones may stand for, then found as if they had been typed."""
    alike = [] if literal or query.is_empty or query.is_phone else spelling.meant(query.text)
    return clients(person, query, at_most=at_most, alike=alike) if alike else Company.objects.none()


def notes(person: Person, query: Query, *, limit: int) -> list[Note]:
    """The newest notes with these words in any of their forms; of very many the last NOTES are compared.

    First among those written last; when these are too few, among all.
    """
    if query.is_phone or len(query.text) < SHORTEST_NOTE:
        return []
    said = Note.objects.alias(words=note_words()).filter(words=SearchQuery(query.text, config="russian"))
    newest = Note.objects.order_by("-pk").annotate(before=note_age() - 1).values("before")[:1]
    late = _last(said.alias(age=note_age()).filter(age__gte=Subquery(newest)))
    found = _seen_notes(person, late, limit)
    if len(found) == limit:
        return found
    if len(late) == NOTES and EVERYTHING not in person.reach:
        clients = list(Company.objects.visible_to(person).order_by().values_list("pk", flat=True)[:FEW])
        said = said.filter(company__in=clients) if len(clients) < FEW else said
    return _seen_notes(person, _last(said), limit)


def _last(said: QuerySet[Note]) -> list[int]:
    """By time, not by id: or the base walks back through all notes in search of a rare word."""
    return list(said.order_by("-created_at").values_list("pk", flat=True)[:NOTES])


def _seen_notes(person: Person, ids: Sequence[int], limit: int) -> list[Note]:
    last = Note.objects.filter(pk__in=ids)
    if not person.may("see_clients"):
        last = last.exclude(deal=None)
    if EVERYTHING not in person.reach:
        reach = sorted(person.reach)
        of_client = Q(deal=None, company__audience__overlap=reach)
        last = last.filter(of_client | Q(deal__audience__overlap=reach))
    return list(last.select_related("company").order_by("-pk")[:limit])


def _reached(person: Person) -> QuerySet[Identity]:
    """Identities of the clients that a person may see."""
    if EVERYTHING in person.reach:
        return Identity.objects.all()
    return Identity.objects.filter(contact__company__audience__overlap=sorted(person.reach))


def _named(text: str, alike: Alike, name: Lower | Concat) -> Q:
    """Every word somewhere in the name, or one of those like it; е stands for ё too."""
    if alike:
        return Q(*(Regex(name, f"({'|'.join(map(_yo, words))})") for words in alike[:WORDS]))
    words = text.split()[:WORDS]
    return Q(*(Regex(name, _yo(word)) if {"е", "ё"} & set(word) else Contains(name, word) for word in words))


def _yo(word: str) -> str:
    return "".join("[её]" if sign in "её" else sign if sign.isalnum() else f"\\{sign}" for sign in word)
