from collections.abc import Iterable, Sequence

from .models import Contact, Identity


def identify(identities: Iterable[tuple[str, str]]) -> Contact | None:
    """The contact that has one of the identities `(kind, normalised value)`; phone before e-mail before the rest.

    When several contacts share it (a family phone), the oldest one.
    """
    wanted: Sequence[tuple[str, str]] = sorted(identities, key=lambda pair: _ORDER.index(pair[0]))
    for kind, value in wanted:
        found = (
            Identity.objects.filter(kind=kind, value=value)
            .select_related("contact__company")
            .order_by("contact_id")
            .first()
        )
        if found:
            return found.contact
    return None


_ORDER = [kind.value for kind in Identity.Kind]
