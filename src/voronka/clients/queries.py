from collections.abc import Collection, Iterable
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from .models import Company, Contact, Identity

#: How a client reads to whoever may not see it.
HIDDEN_CLIENT = _("a client you don't see")


def client_names(ids: Iterable[Any], reach: frozenset[str] | None) -> dict[Any, str]:
    """Names by id of those clients that `reach` lets one see. One query."""
    return dict(Company.objects.filter(pk__in=list(ids)).within(reach).values_list("pk", "name"))


def identify(identities: Collection[tuple[str, str]]) -> Contact | None:
    """The contact that has one of the identities `(kind, normalised value)`; phone before e-mail before the rest.

    When several contacts share it (a family phone), the oldest one.
    """
    kinds, values = (list(column) for column in zip(*identities, strict=True)) if identities else ([], [])
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [kinds, values])
        found = [(_ORDER.index(kind), contact) for kind, contact in cursor.fetchall()]
    return Contact.objects.select_related("company").get(pk=min(found)[1]) if found else None


_ORDER = [kind.value for kind in Identity.Kind]
_KNOWN = """
    SELECT kind, contact_id FROM clients_identity JOIN unnest(%s::text[], %s::text[]) AS wanted (kind, value)
    USING (kind, value)
"""
