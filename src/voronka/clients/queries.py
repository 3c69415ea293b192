from collections.abc import Collection

from django.db import connection

from .models import Contact, Identity


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
