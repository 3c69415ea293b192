from collections.abc import Collection, Iterable
from typing import Any

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
        found = [(_ORDER.index(kind), contact) for kind, contact in cursor.fetchall()]
    if not found:
        return None
    best = min(found)[0]
    ids = sorted({contact for order, contact in found if order == best})[:_MOST_SHARING]
    contacts = Contact.objects.select_related("company")
    if len(ids) == 1 or not name:
        return contacts.get(pk=ids[0])
    meant = read_name(name)
    return max(contacts.filter(pk__in=ids), key=lambda one: (names_fit(meant, read_name(one.name)), -one.pk))


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
