"""Finding files by their names, and deals by what stands in their declared fields."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from voronka.clients.search import Query, names_with
from voronka.kernel import phone
from voronka.kernel.access import EVERYTHING
from voronka.kernel.models import Attachment
from voronka.staff.models import Person

from . import queries
from .fields import FieldSpec, hidden_from, specs
from .models import Deal

#: Letters fewer than these stand in half of all names; so many of the last files are compared.
SHORTEST, LAST = 3, 300
#: Who sees fewer deals than these has files looked for among theirs.
FEW = 1000
TEXTS = ("text", "email", "link")


def files_named(person: Person, query: Query, *, limit: int) -> list[Attachment]:
    """The newest files with these words in their names, of deals that this person sees."""
    if len(query.text) < SHORTEST:
        return []
    named = Attachment.objects.filter(names_with(query.text)).exclude(deal_id=None)
    named = named.exclude(field__in=hidden_from(person.actor))
    late = _last(named)
    found = _seen(person, late, limit)
    if len(found) < limit and len(late) == LAST and EVERYTHING not in person.reach:
        own = list(Deal.objects.visible_to(person).order_by().values_list("pk", flat=True)[:FEW])
        found = _seen(person, _last(named.filter(deal_id__in=own)), limit) if len(own) < FEW else found
    return found


def _last(named: QuerySet[Attachment]) -> list[int]:
    """By time, not by id: or the base walks back through all files in search of a rare name."""
    return list(named.order_by("-created_at").values_list("pk", flat=True)[:LAST])


def _seen(person: Person, ids: Sequence[int], limit: int) -> list[Attachment]:
    deals = Deal.objects.visible_to(person).filter(pk=OuterRef("deal_id"))
    return list(Attachment.objects.filter(Exists(deals), pk__in=ids).order_by("-pk")[:limit]) if ids else []


@dataclass(frozen=True, kw_only=True)
class Holding:
    """A deal and the field in which it was found."""

    deal: Deal
    spec: FieldSpec


def deals_holding(person: Person, typed: str, *, clients: Iterable[int], limit: int) -> list[Holding]:
    """Deals in a declared field of which stands just what is typed, or one of these clients; the newest first.

    By containment, which the index of all fields answers; a field that the role does not see is not asked.
    """
    known = [spec for spec in specs(person.actor).values() if spec.declared]
    wanted = [(spec, value) for spec in known for value in _values(spec, typed.strip(), clients)]
    if not wanted:
        return []
    asked = Q(*(Q(fields__contains={spec.key: value}) for spec, value in wanted), _connector=Q.OR)
    found = queries.visible(person).filter(asked).order_by("-id")[:limit]
    return [
        Holding(deal=deal, spec=next(spec for spec, value in wanted if _holds(deal, spec, value))) for deal in found
    ]


def _values(spec: FieldSpec, typed: str, clients: Iterable[int]) -> list[str | int]:
    if spec.type == "client":
        return list(clients)
    if len(typed) < SHORTEST:
        return []
    if spec.type == "phone":
        number = phone.normalise(typed)
        return [number] if number else []
    if spec.type in TEXTS:
        return list(dict.fromkeys([typed, typed.lower(), typed.upper(), typed.capitalize()]))
    return []


def _holds(deal: Deal, spec: FieldSpec, value: str | int) -> bool:
    held = deal.fields.get(spec.key)
    return value in held if isinstance(held, list) else held == value
