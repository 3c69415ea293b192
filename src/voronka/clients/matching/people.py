"""People as they are compared: what a card of a person says, in the forms that `clients.normal` makes of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from rapidfuzz.distance import OSA, JaroWinkler

from ..normal import addresses, emails, names
from ..normal.addresses import NOWHERE, Address
from ..normal.names import Name
from .blocks import Pairs, pairs_of, union
from .columns import Bag, Column, joined, numbered
from .comparisons import Comparison, Shared, Swappable, Text

#: More rows than these with one phone: a switchboard, not a family. With one name and one house: a block of flats.
MOST_WITH_ONE_PHONE, MOST_OF_ONE_KEY = 60, 40
#: Likeness of two given names: an initial fits, a short form is of that name, the same.
INITIAL, SHORT, SAME = 0.9, 0.95, 1.0


@dataclass(frozen=True)
class Card:
    """What is known of one person. `phones` are E.164, `handles` are «kind:value», `birthday` ISO or empty."""

    name: Name
    phones: Sequence[str] = ()
    emails: Sequence[str] = ()
    handles: Sequence[str] = ()
    birthday: str = ""
    address: Address = NOWHERE


def card(
    *,
    name: str,
    identities: Iterable[tuple[str, str]] = (),
    birthday: str = "",
    address: str = "",
) -> Card:
    """Of the texts as they are kept; `identities` are (kind, normalised value)."""
    known = list(identities)
    return Card(
        name=names.read(name),
        phones=[value for kind, value in known if kind in ("phone", "whatsapp")],
        emails=[emails.box(emails.meant(value) or value) for kind, value in known if kind == "email"],
        handles=[f"{kind}:{value}" for kind, value in known if kind not in ("phone", "whatsapp", "email")],
        birthday=birthday,
        address=addresses.read(address) if address else NOWHERE,
    )


def comparisons(cards: Sequence[Card]) -> Iterator[Comparison]:
    given = Column.of([given_key(one.name) for one in cards])
    surnames = Column.of([one.name.surname for one in cards])
    yield Swappable(
        Text("given", given, given_likeness, (0.86, INITIAL, SHORT, SAME)),
        Text("surname", surnames, surname_likeness, (0.8, 0.88, 0.94, 1.0), own=False),
    )
    patronymics = Column.of([one.name.patronymic for one in cards])
    yield Text("patronymic", patronymics, part_likeness, (0.86, INITIAL, SAME))
    yield Shared("phone", Bag.of([one.phones for one in cards]), nearly=phone_likeness)
    yield Shared("email", Bag.of([one.emails for one in cards]), nearly=email_likeness)
    yield Shared("handle", Bag.of([one.handles for one in cards]), own=True)
    birthdays = Column.of([one.birthday for one in cards])
    yield Text("birthday", birthdays, OSA.normalized_similarity, (0.8, 1.0))
    homes = Column.of([home_key(one.address) for one in cards])
    yield Text("address", homes, home_likeness, (0.5, 0.75, 1.0), own=False)


def candidates(cards: Sequence[Card]) -> Pairs:
    """Rows that share a phone, a box, a messenger, or two of name, surname, birthday, house."""
    bags = [Bag.of([getattr(one, key) for one in cards]) for key in ("phones", "emails", "handles")]
    found = [pairs_of(bag.codes, most=MOST_WITH_ONE_PHONE, rows=bag.rows) for bag in bags]
    tails = Bag.of([[number[-7:] for number in one.phones] for one in cards])
    heads = Bag.of([[number[:-2] for number in one.phones] for one in cards])
    found += [pairs_of(bag.codes, most=MOST_OF_ONE_KEY, rows=bag.rows) for bag in (tails, heads)]
    keys = {
        "given": [_first_letters(one.name) for one in cards],
        "surname": [one.name.surname[:5] for one in cards],
        "ending": [one.name.surname[-5:] for one in cards],
        "birthday": [one.birthday for one in cards],
        "patronymic": [one.name.patronymic[:4] for one in cards],
        "house": [house_key(one.address) for one in cards],
        "whole": ["|".join(sorted((one.name.given[:4], one.name.surname[:4]))) for one in cards],
    }
    codes = {key: numbered(values)[0] for key, values in keys.items()}
    found += [
        pairs_of(joined(codes[one], codes[other]), most=MOST_OF_ONE_KEY)
        for one, other in combinations(codes, 2)
        if {one, other} != {"surname", "ending"}
    ]
    found += [pairs_of(codes["house"], most=MOST_OF_ONE_KEY), pairs_of(codes["birthday"], most=MOST_OF_ONE_KEY)]
    return union(found, len(cards))


def given_likeness(one: str, other: str, **_options: object) -> float:
    """Of two `given_key` texts. Different genders are different people, however alike «Саша» and «Саша» look."""
    given, other_given = _split(one), _split(other)
    if given[1] and other_given[1] and given[1] != other_given[1]:
        return 0.0
    if given[0] == other_given[0]:
        return SAME
    if set(given[2]) & set(other_given[2]):
        return SHORT
    return part_likeness(given[0], other_given[0])


def names_fit(one: Name, other: Name) -> int:
    """2: one name, whole or for short; 1: nothing speaks against it; 0: two people."""
    if not (one.given and other.given):
        return 1
    return 2 if given_likeness(given_key(one), given_key(other)) >= SHORT else 0


def part_likeness(one: str, other: str, **_options: object) -> float:
    """Of two parts of a name, either of which may be an initial."""
    if names.is_initial(one) or names.is_initial(other):
        return INITIAL if one.rstrip(".")[:1] == other.rstrip(".")[:1] else 0.0
    likeness = JaroWinkler.normalized_similarity(one, other)
    return SAME if one == other else min(likeness, INITIAL - 0.01)


def surname_likeness(one: str, other: str, **_options: object) -> float:
    return JaroWinkler.normalized_similarity(one.partition("|")[0], other.partition("|")[0])


def phone_likeness(one: str, other: str, **_options: object) -> float:
    """One digit is another, or two stand in each other's place."""
    return float(OSA.distance(one, other, score_cutoff=1) == 1)


def email_likeness(one: str, other: str, **_options: object) -> float:
    """A slip of the finger."""
    return float(OSA.distance(one, other, score_cutoff=1) == 1)


def home_likeness(one: str, other: str, **_options: object) -> float:
    """Of two `home_key` texts: the street and house, then the flat."""
    street, house, flat = one.split("|")
    other_street, other_house, other_flat = other.split("|")
    if JaroWinkler.normalized_similarity(street, other_street) < 0.9 or house != other_house:
        return 0.0
    if flat and other_flat:
        return 1.0 if flat == other_flat else 0.5
    return 0.75


def given_key(name: Name) -> str:
    return f"{name.given}|{name.gender}" if name.given else ""


@lru_cache(maxsize=100_000)
def _split(text: str) -> tuple[str, str, tuple[str, ...]]:
    given, _bar, gender = text.partition("|")
    return given, gender, names.full_names(given, gender)


def _first_letters(name: Name) -> str:
    """The beginning of the name; of a short form, of the first name it may stand for."""
    return name.full[0].rstrip(".")[:3] if name.full else ""


def house_key(address: Address) -> str:
    return f"{address.street[:6]} {address.house}" if address.street and address.house else ""


def home_key(address: Address) -> str:
    return f"{address.street}|{address.house}|{address.flat}" if address.street and address.house else ""
