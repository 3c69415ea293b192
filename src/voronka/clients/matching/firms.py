"""Companies as they are compared. Those of one owner share a phone, an address, a box, and are not one company."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from ..normal import addresses, emails, firms
from ..normal.addresses import NOWHERE, Address
from .blocks import Pairs, pairs_of, union
from .columns import Bag, Column, joined, numbered
from .comparisons import Comparison, Shared, Text
from .people import (
    MOST_OF_ONE_KEY,
    MOST_WITH_ONE_PHONE,
    email_likeness,
    home_key,
    home_likeness,
    house_key,
    phone_likeness,
)

#: Likeness of two taxpayer's numbers: one digit is another; one company, another branch of it; the same.
SLIP, BRANCH, SAME = 0.3, 0.6, 1.0


@dataclass(frozen=True)
class Firm:
    """What is known of one company. `number` is «INN|KPP», either empty."""

    name: str
    number: str = ""
    phones: Sequence[str] = ()
    emails: Sequence[str] = ()
    address: Address = NOWHERE


def firm(
    *, name: str, inn: str = "", kpp: str = "", identities: Iterable[tuple[str, str]] = (), address: str = ""
) -> Firm:
    """Of the texts as they are kept; `identities` are (kind, normalised value) of its people."""
    known = list(identities)
    return Firm(
        name=firms.read(name),
        number=f"{inn}|{kpp}" if inn else "",
        phones=[value for kind, value in known if kind == "phone"],
        emails=[emails.box(emails.meant(value) or value) for kind, value in known if kind == "email"],
        address=addresses.read(address) if address else NOWHERE,
    )


def comparisons(found: Sequence[Firm]) -> Iterator[Comparison]:
    yield Text("firm", Column.of([one.name for one in found]), name_likeness, (0.75, 0.85, 0.93, 1.0))
    numbers = Column.of([one.number for one in found])
    yield Text("number", numbers, number_likeness, (SLIP, BRANCH, SAME), unique=True)
    yield Shared("phone", Bag.of([one.phones for one in found]), nearly=phone_likeness)
    yield Shared("email", Bag.of([one.emails for one in found]), nearly=email_likeness)
    yield Text(
        "address", Column.of([home_key(one.address) for one in found]), home_likeness, (0.5, 0.75, 1.0), own=False
    )


def candidates(found: Sequence[Firm]) -> Pairs:
    """Rows that share a number, a phone, a box, a word of the name that is not everybody's, a house."""
    bags = [Bag.of([getattr(one, key) for one in found]) for key in ("phones", "emails")]
    bags += [Bag.of([[number[-7:] for number in one.phones] for one in found])]
    pairs = [pairs_of(bag.codes, most=MOST_WITH_ONE_PHONE, rows=bag.rows) for bag in bags]
    words = Bag.of([[word[:6] for word in one.name.split()] for one in found])
    keys = [[one.number.partition("|")[0] for one in found], [house_key(one.address) for one in found]]
    codes = [numbered(values)[0] for values in keys]
    pairs += [pairs_of(key, most=MOST_WITH_ONE_PHONE) for key in codes]
    pairs.append(pairs_of(words.codes, most=MOST_OF_ONE_KEY, rows=words.rows))
    begins, ends = (
        numbered([one.name.replace(" ", "")[cut] for one in found])[0] for cut in (slice(4), slice(-4, None))
    )
    pairs += [pairs_of(key, most=MOST_OF_ONE_KEY) for key in (begins, ends, joined(begins, ends))]
    return union(pairs, len(found))


def name_likeness(one: str, other: str, **_options: object) -> float:
    return fuzz.token_sort_ratio(one, other) / 100


def number_likeness(one: str, other: str, **_options: object) -> float:
    inn, kpp = one.split("|")
    other_inn, other_kpp = other.split("|")
    if inn != other_inn:
        return SLIP if OSA.distance(inn, other_inn, score_cutoff=1) == 1 else 0.0
    return BRANCH if kpp and other_kpp and kpp != other_kpp else SAME
