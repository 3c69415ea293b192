"""While somebody is typed in: who this may be already. The comparisons are those of the search for duplicates."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import QuerySet

from voronka.staff.models import Person

from .matching import people
from .matching.comparisons import Seen
from .matching.matcher import see
from .matching.reasons import WORDS
from .models import Contact, Identity
from .normal import names
from .search import names_with

#: Of more namesakes the first ones are compared.
NAMESAKES = 60
#: A short form of the name, a slip in the surname: less is another person.
SHORT_FORM, SLIP = 4, 4


@dataclass(frozen=True)
class Likely:
    """`why` in words, the weightiest first."""

    contact: Contact
    why: list[str]


def likely_same(
    person: Person, *, name: str = "", identities: Sequence[tuple[str, str]] = (), limit: int = 3
) -> list[Likely]:
    """Contacts this person may see that share an identity, else the name, with what is typed; surest first."""
    found = [*_sharing(person, identities), *_namesakes(person, name)]
    known = list({contact.pk: contact for contact in found}.values())
    if not known:
        return []
    cards = [people.card(name=name, identities=identities), *map(_card, known)]
    pairs = (np.zeros(len(known), np.int64), np.arange(1, len(known) + 1))
    seen = {one.key: one for one in see(list(people.comparisons(cards)), pairs)}
    judged = [(_closeness(seen, place), place) for place in range(len(known))]
    best = sorted((likely for likely in judged if likely[0] > (0, 0)), reverse=True)[:limit]
    return [Likely(known[place], _why(seen, place)) for _closeness_, place in best]


def _sharing(person: Person, identities: Sequence[tuple[str, str]]) -> list[Contact]:
    if not identities:
        return []
    kinds, values = {kind for kind, _value in identities}, {value for _kind, value in identities}
    having = Identity.objects.filter(kind__in=kinds, value__in=values).values("contact_id")
    return list(_whole(Contact.objects.visible_to(person).filter(pk__in=having))[:NAMESAKES])


def _namesakes(person: Person, name: str) -> list[Contact]:
    """Those with the surname typed; a name alone is too many people's."""
    typed = names.read(name)
    if not typed.surname or not typed.given:
        return []
    surname = max((word for word in name.lower().split() if names.read(word).surname), key=len, default="")
    if len(surname) < 3:
        return []
    return list(_whole(Contact.objects.visible_to(person).filter(names_with(surname)))[:NAMESAKES])


def _whole(contacts: QuerySet[Contact]) -> QuerySet[Contact]:
    return contacts.select_related("company").prefetch_related("identities")


def _card(contact: Contact) -> people.Card:
    return people.card(name=contact.name, identities=[(one.kind, one.value) for one in contact.identities.all()])


def _closeness(seen: dict[str, Seen], place: int) -> tuple[int, int]:
    """(how many identities are shared, how alike the names are); (0, 0) when they are others."""
    shared = sum(int(seen[key].levels[place] == seen[key].top) for key in ("phone", "email", "handle"))
    given, surname = int(seen["given"].levels[place]), int(seen["surname"].levels[place])
    namesake = given >= SHORT_FORM and surname >= SLIP
    return shared, given + surname if shared or namesake else 0


def _why(seen: dict[str, Seen], place: int) -> list[str]:
    told = ("phone", "email", "handle", "given", "surname")
    levels = [(key, int(seen[key].levels[place])) for key in told]
    return [str(WORDS[key][level]) for key, level in levels if level > 1]
