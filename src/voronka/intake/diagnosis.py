"""Why an entry failed and what would mend it: the field that looks like a phone but that nobody named so."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from voronka.clients.models import Identity
from voronka.deals.models import Deal
from voronka.kernel import phone

from .bodies import BodyError
from .collector import EMAIL
from .inquiry import Inquiry
from .models import Entry
from .profiles import PROFILES, NotAnInquiry
from .reading import delivery_of, pairs_of
from .vocabulary import target_of

#: Enough to say «all of them», bounded for the page's sake.
MOST_TRIED = 200
_STUCK = (Entry.Account.FAILED, Entry.Account.REJECTED)
_HINTS = (("phone", ("тел", "phone", "tel", "моб", "номер")), ("email", ("mail", "почт")))


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """Map `field` to `target`, and the `mends` entries `entry_ids` of the source read: `deals` of them would open new
    deals, `attached` would join others. `value` is what this entry has there.
    """

    field: str
    value: str
    target: str
    mends: int
    deals: int
    attached: int
    entry_ids: tuple[int, ...]


def diagnosis(entry: Entry) -> Diagnosis | None:
    """The likeliest remedy of a failed or rejected entry, or None."""
    if entry.account not in _STUCK:
        return None
    remedy = _remedy(pairs_of(entry, PROFILES[entry.source.profile]), entry.source.mapping)
    if remedy is None:
        return None
    name, value, target = remedy
    mended = dict(_mended(entry, {**entry.source.mapping, name: target}))
    attached = _how_many_join(mended.values())
    return Diagnosis(
        field=name,
        value=value,
        target=target,
        mends=len(mended),
        deals=len(mended) - attached,
        attached=attached,
        entry_ids=tuple(mended),
    )


def _remedy(pairs: Iterable[tuple[str, str]], mapping: Mapping[str, str]) -> tuple[str, str, str] | None:
    """(field, value, target) of a contact under a name that means nothing yet; one with a telling name first."""
    found: list[tuple[bool, bool, int, tuple[str, str, str]]] = []
    for name, value in pairs:
        if not name or name in mapping or target_of(name):
            continue
        if target := _looks_like(value):
            telling = any(hint in name.casefold() for key, hints in _HINTS if key == target for hint in hints)
            found.append((not telling, target != "phone", len(found), (name, value, target)))
    return min(found)[3] if found else None


def _looks_like(value: str) -> str | None:
    if len(value) > 100:
        return None
    digits = sum(sign.isdigit() for sign in value)
    if 10 <= digits <= 15 and phone.normalise(value) and sum(sign.isalpha() for sign in value) < 4:
        return "phone"
    return "email" if EMAIL.fullmatch(value.strip()) else None


def _mended(entry: Entry, mapping: Mapping[str, str]) -> Iterator[tuple[int, Inquiry]]:
    """Stuck entries of the source that would read under the mapping, this one among them."""
    stuck = Entry.objects.filter(source=entry.source, account__in=_STUCK, duplicate_of=None)
    profile = PROFILES[entry.source.profile]
    for other in stuck.order_by("-pk")[:MOST_TRIED]:
        try:
            inquiry = profile.parse(delivery_of(other), mapping)
        except (BodyError, NotAnInquiry):
            continue
        if inquiry.identities:
            yield other.pk, inquiry


def _how_many_join(inquiries: Iterable[Inquiry]) -> int:
    """How many would not open a deal: their client has one open, or comes twice. Two queries, however many."""
    inquiries = list(inquiries)
    companies = _companies({pair for inquiry in inquiries for pair in inquiry.identities})
    busy = set(
        Deal.objects.filter(company_id__in=companies.values(), closed_at=None).values_list("company_id", flat=True)
    )
    seen: set[tuple[str, str]] = set()
    joining = 0
    for inquiry in inquiries:
        known = next((companies[pair] for pair in inquiry.identities if pair in companies), None)
        joining += bool(known in busy or seen.intersection(inquiry.identities))
        seen.update(inquiry.identities)
    return joining


def _companies(identities: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Whose each identity is; of several contacts the oldest one's, as `clients.queries.identify` has it."""
    kinds, values = {kind for kind, _value in identities}, {value for _kind, value in identities}
    rows = Identity.objects.filter(kind__in=kinds, value__in=values).order_by("contact_id")
    found: dict[tuple[str, str], int] = {}
    for kind, value, company in rows.values_list("kind", "value", "contact__company_id"):
        found.setdefault((kind, value), company)
    return found
