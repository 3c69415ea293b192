"""What a deal shows: the deal's side of the gate, in one place. The person's side is `staff.access`."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from voronka.kernel import access
from voronka.kernel.actor import Actor
from voronka.kernel.errors import Refusal

from .models import Deal


def audience_of(
    *,
    brand: int | None,
    seat: int | None,
    watchers: Iterable[int],
    location: int | None,
    handed_to_location: bool,
) -> list[str]:
    """Untaken: the managers of the brand and its heads. Taken: the owning seat, its heads, and who watches it.

    `handed_to_location`: the deal belongs to the administrators of its location now.
    """
    tokens = {f"b:{brand or 0}"}
    tokens.add(f"u:{brand or 0}" if seat is None else f"s:{seat}")
    tokens |= {f"s:{watcher}" for watcher in watchers}
    if handed_to_location and location:
        tokens.add(f"l:{location}")
    return sorted(tokens)


def saw_untaken(reach: Iterable[str], deal: Deal) -> bool:
    """Whether the deal, taken by others now, stood before these eyes while it was nobody's."""
    before = audience_of(brand=deal.brand_id, seat=None, watchers=(), location=None, handed_to_location=False)
    return access.sees(reach, before)


def may_change(by: Actor, deal: Deal) -> bool:
    """Whoever sees a deal may work on it, but for those who only keep reading after a hand-over."""
    if by.reach is None:
        return True
    own = {f"s:{watcher}" for watcher in deal.watchers if watcher != deal.seat_id}
    return access.sees(by.reach, set(deal.audience) - own)


def change_refusal(by: Actor, deal: Deal) -> Refusal | None:
    """Why `by` may not change this deal, if so."""
    return None if may_change(by, deal) else Refusal(_("You may read this deal but not change it."), rule="gate")


def require_change(by: Actor, deal: Deal) -> None:
    if no := change_refusal(by, deal):
        raise no
