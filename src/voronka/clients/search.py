"""Finding clients by what people remember: part of a name, a phone in any spelling, an e-mail, an INN."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from django.contrib.postgres.lookups import TrigramWordSimilar
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.functions import Lower
from django.db.models.lookups import Contains, Regex

from voronka.kernel.access import EVERYTHING
from voronka.staff.models import Person

from .models import Company, Contact, Identity, Requisites

LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
CYRILLIC = "йцукенгшщзхъфывапролджэячсмитьбюё"
_OTHER_LAYOUT = str.maketrans(LATIN + CYRILLIC, CYRILLIC + LATIN)

#: Letters and digits fewer than this would match half of the base.
SHORTEST = 2
SHORTEST_PHONE = 3
LONGEST = 100
WORDS = 5
#: How many matches of one kind are compared when only the last few are wanted.
MATCHES = 200
LAST_FIRST = (F("last_interaction_at").desc(nulls_last=True), "id")
#: Share of common trigrams that makes a candidate, and share of letters in order that takes a typo for the name.
CANDIDATE = 0.38
LIKENESS = 0.75


@dataclass(frozen=True)
class Query:
    """What was typed, as words and as digits of a phone or INN; either may be empty."""

    text: str
    digits: str

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


def other_layout(text: str) -> str:
    """The same keys in the other layout: «bdfyjd» → «иванов»."""
    return text.lower().translate(_OTHER_LAYOUT)


def matching(person: Person, query: Query, *, at_most: int | None = None) -> QuerySet:
    """Ids of clients that match and that this person may see: a union of index scans, since OR would walk the table.

    `at_most` of each kind: the gate stands inside each scan, so those who see few are not answered with nothing.
    """
    if query.is_phone:
        phones = _reached(person).filter(kind=Identity.Kind.PHONE, value__contains=query.digits)
        inn = Requisites.objects.visible_to(person).filter(inn=query.digits).values_list("company_id", flat=True)
        scans = [phones.values_list("contact__company_id", flat=True), inn]
    else:
        named = Company.objects.visible_to(person).filter(_named(query.text)).values_list("pk", flat=True)
        people = Contact.objects.visible_to(person).filter(_named(query.text))
        scans = [named, people.values_list("company_id", flat=True)]
        if _may_be_handle(query.text):
            handles = _reached(person).exclude(kind=Identity.Kind.PHONE)
            handles = handles.filter(value__contains=query.text.lstrip("@"))
            scans.append(handles.values_list("contact__company_id", flat=True))
    first, *rest = (scan.order_by()[:at_most] if at_most else scan.order_by() for scan in scans)
    return first.union(*rest)


def clients(person: Person, query: Query, *, at_most: int | None = None) -> QuerySet[Company]:
    """Clients this person may see that match what was typed, letter by letter."""
    if query.is_empty:
        return Company.objects.none()
    return Company.objects.visible_to(person).filter(pk__in=matching(person, query, at_most=at_most))


@dataclass(frozen=True)
class Found:
    """`read_as`: the text in the other layout when only that was found; `similar`: found by likeness, with typos."""

    rows: QuerySet[Company]
    query: Query
    read_as: str = ""
    similar: bool = False


def find(person: Person, typed: str, *, literal: bool = False) -> Found:
    """As typed; if nobody is found, as typed in the other layout; if still nobody, words much like it."""
    readings = _readings(typed, literal)
    for query, read_as in readings:
        if clients(person, query, at_most=1).exists():
            return Found(clients(person, query), query, read_as)
    return _alike_found(person, readings[0][0], literal)


def top(person: Person, typed: str, *, limit: int, literal: bool = False) -> tuple[list[Company], Found]:
    """The few last spoken to, looked for as in `find`; at most MATCHES of each kind are compared."""
    readings = _readings(typed, literal)
    for query, read_as in readings:
        rows = clients(person, query, at_most=MATCHES).order_by(*LAST_FIRST)
        if found := list(rows[:limit]):
            return found, Found(rows, query, read_as)
    alike = _alike_found(person, readings[0][0], literal)
    return list(alike.rows.order_by(*LAST_FIRST)[:limit]) if alike.similar else [], alike


def _readings(typed: str, literal: bool) -> list[tuple[Query, str]]:
    """What the text may mean, and how it was read when not as it stands."""
    query = read(typed)
    other = read(other_layout(query.text))
    swapped = not (literal or query.is_empty or query.is_phone or other.is_phone or other.text == query.text)
    return [(query, ""), (other, other.text)] if swapped else [(query, "")]


def _alike_found(person: Person, query: Query, literal: bool) -> Found:
    if literal or query.is_empty or query.is_phone:
        return Found(Company.objects.none(), query)
    alike = similar(person, query.text)
    return Found(Company.objects.visible_to(person).filter(pk__in=alike), query, similar=bool(alike))


def similar(person: Person, text: str, *, at_most: int = 60) -> list[int]:
    """Ids of clients with words much like these: trigrams find the candidates, the letters in order decide."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(CANDIDATE)])
        found = [
            *_candidates(Company.objects.visible_to(person), text).values_list("pk", "name")[:at_most],
            *_candidates(Contact.objects.visible_to(person), text).values_list("company_id", "name")[:at_most],
        ]
    return [pk for pk, name in found if is_like(text, name)]


def is_like(text: str, name: str) -> bool:
    """Every word typed is nearly a word of the name, or nearly its beginning."""
    words = name.lower().replace("ё", "е").split()
    return all(any(_near(typed, word) for word in words) for typed in text.replace("ё", "е").split())


def _near(typed: str, word: str) -> bool:
    return SequenceMatcher(None, typed, word[: len(typed) + 1]).ratio() >= LIKENESS


def _candidates(rows: QuerySet, text: str) -> QuerySet:
    name = Lower("name", output_field=TextField())
    alike = rows.filter(TrigramWordSimilar(name, Value(text)))
    return alike.annotate(likeness=TrigramWordSimilarity(text, name)).order_by("-likeness", "-pk")


def _reached(person: Person) -> QuerySet[Identity]:
    """Identities of the clients that a person may see."""
    if EVERYTHING in person.reach:
        return Identity.objects.all()
    return Identity.objects.filter(contact__company__audience__overlap=sorted(person.reach))


def _named(text: str) -> Q:
    """Every word somewhere in the name; е stands for ё too. Served by the trigram index over lower(name)."""
    name = Lower("name", output_field=TextField())
    words = text.split()[:WORDS]
    return Q(*(Regex(name, _yo(word)) if {"е", "ё"} & set(word) else Contains(name, word) for word in words))


def _yo(word: str) -> str:
    return "".join("[её]" if sign in "её" else sign if sign.isalnum() else f"\\{sign}" for sign in word)


def _may_be_handle(text: str) -> bool:
    return any(sign.isascii() and sign.isalnum() for sign in text)
