"""Which contacts of two clients are one person: those with one name who share an identity, or of one whole name."""

from collections.abc import Iterable, Mapping

from ..matching.people import SHORT, given_likeness, surname_likeness
from ..models import Contact
from ..normal import names
from ..normal.names import Name

#: Surnames that differ by a slip.
SLIP = 0.94


def same_people(survivors: Iterable[Contact], others: Iterable[Contact]) -> Mapping[int, int]:
    """Contact of the other client → contact of the survivor; each at most once. Identities must be prefetched."""
    free = {contact.pk: (names.read(contact.name), _identities(contact)) for contact in survivors}
    pairs = {}
    for other in others:
        name, identities = names.read(other.name), _identities(other)
        fitting = [pk for pk, (known, had) in free.items() if _is_one(name, known, shared=bool(identities & had))]
        if fitting:
            pairs[other.pk] = fitting[0]
            del free[fitting[0]]
    return pairs


def _is_one(one: Name, other: Name, *, shared: bool) -> bool:
    given = not (one.given and other.given) or given_likeness(_given(one), _given(other)) >= SHORT
    surname = not (one.surname and other.surname) or surname_likeness(one.surname, other.surname) >= SLIP
    whole = all((one.given, one.surname, other.given, other.surname))
    return given and surname and (shared or whole)


def _given(name: Name) -> str:
    return f"{name.given}|{name.gender}"


def _identities(contact: Contact) -> set[tuple[str, str]]:
    return {(identity.kind, identity.value) for identity in contact.identities.all()}
