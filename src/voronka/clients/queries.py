from collections.abc import Iterable

from .models import Contact, Identity


def identify(identities: Iterable[tuple[str, str]]) -> Contact | None:
    """The contact that has one of the identities `(kind, normalised value)`; phone before e-mail before the rest.

    When several contacts share it (a family phone), the oldest one.
    """
    wanted = set(identities)
    known = Identity.objects.filter(kind__in={kind for kind, _ in wanted}, value__in={value for _, value in wanted})
    found = [
        (_ORDER.index(kind), contact)
        for kind, value, contact in known.values_list("kind", "value", "contact_id")
        if (kind, value) in wanted
    ]
    return Contact.objects.select_related("company").get(pk=min(found)[1]) if found else None


_ORDER = [kind.value for kind in Identity.Kind]
