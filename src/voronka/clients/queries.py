from collections.abc import Collection, Iterable, Sequence
from typing import Any, Protocol, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from .matching.people import names_fit
from .models import Company, Contact, Identity
from .normal.names import read as read_name

#: How a client reads to whoever may not see it.
HIDDEN_CLIENT = _("a client you don't see")

Found = TypeVar("Found")


class HasName(Protocol):
    @property
    def name(self) -> str: ...


Named = TypeVar("Named", bound=HasName)


def client_names(ids: Iterable[Any], reach: frozenset[str] | None) -> dict[Any, str]:
    """Names by id of those clients that `reach` lets one see. One query."""
    return dict(Company.objects.filter(pk__in=list(ids)).within(reach).values_list("pk", "name"))


def identify(identities: Collection[tuple[str, str]], *, name: str = "") -> Contact | None:
    """The contact that has one of the identities `(kind, normalised value)`; phone before e-mail before the rest.

    When several contacts share it (a family phone), the oldest one so named; else the oldest one.
    """
    kinds, values = (list(column) for column in zip(*identities, strict=True)) if identities else ([], [])
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [kinds, values])
        found = cursor.fetchall()
    if not found:
        return None
    ids = sorted(set(nearest(found)))[:_MOST_SHARING]
    contacts = Contact.objects.select_related("company")
    if len(ids) == 1 or not name:
        return contacts.get(pk=ids[0])
    return so_named(list(contacts.filter(pk__in=ids).order_by("pk")), name)


def nearest(found: Sequence[tuple[str, Found]]) -> list[Found]:
    """Of (kind of identity, whose it is) those of the kind that tells most."""
    best = min((_ORDER.index(kind) for kind, _one in found), default=0)
    return [one for kind, one in found if _ORDER.index(kind) == best]


def so_named(sharing: Sequence[Named], name: str) -> Named:
    """Of people with one identity, the oldest first: the one so named, else the oldest."""
    if len(sharing) == 1 or not name:
        return sharing[0]
    meant = read_name(name)
    return max(sharing, key=lambda one: names_fit(meant, read_name(one.name)))


def contacts_of(company: Company) -> list[tuple[Contact, list[Identity]]]:
    """People of a client, children last, each with the ways to reach them. One query."""
    ways = Identity.objects.filter(contact=OuterRef("pk")).order_by("id")
    kept = ArraySubquery(ways.values(json=JSONObject(id="id", kind="kind", value="value")))
    found = company.contacts.annotate(ways=kept).order_by("is_child", "id")
    return [(one, [Identity(contact=one, **way) for way in one.ways]) for one in found]


#: Behind one phone of more people stands a switchboard, and nobody is told from it by name.
_MOST_SHARING = 50
_ORDER = [kind.value for kind in Identity.Kind]
_KNOWN = """
    SELECT kind, contact_id FROM clients_identity JOIN unnest(%s::text[], %s::text[]) AS wanted (kind, value)
    USING (kind, value)
"""
