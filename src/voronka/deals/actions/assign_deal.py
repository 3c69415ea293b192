from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.kernel.actor import Actor
from voronka.kernel.errors import Refusal
from voronka.staff.models import Person

from ..access import change_refusal, require_change
from ..models import Deal
from ._owner import become_owners
from ._room import Entry, coming_to
from ._rows import locked_row, locked_rows
from ._step import enter_stage


class AlreadyTaken(Refusal):
    """Somebody was first; `owner` tells who."""

    def __init__(self, owner: Person) -> None:
        super().__init__(_("{name} has already taken this deal.").format(name=owner.name), rule="taken")
        self.owner = owner


def take_deal(deal_id: int, *, by: Actor) -> Deal:
    """Whoever takes first owns. Waiting tasks become theirs, an unsorted deal goes to the first open stage."""
    if not by.may("take_deals"):
        raise Refusal(_("Your role does not take inquiries."), rule="role")
    with transaction.atomic():
        deal = locked_row(deal_id)
        if deal.responsible is not None:
            if deal.responsible_id == by.person_id:
                return deal
            raise AlreadyTaken(deal.responsible)
        require_change(by, deal)
        hand = _hand(by)
        if no := Entry(by=by).expect([deal], lock=True).refusal(deal, hands=hand.pk):
            raise no
        become_owners([deal], hand, by)
        _leave_unsorted(deal, by)
    return deal


def assign_deal(deal_id: int, *, by: Actor, to: Person, keep_reading: bool = False) -> Deal:
    """Another responsible. `keep_reading`: the seat it leaves may read on. Open tasks of the old one go along."""
    with transaction.atomic():
        deal = locked_row(deal_id)
        if no := assign_refusal(deal, by=by, to=to, entry=Entry(by=by).expect([deal], lock=True)):
            raise no
        _assign([deal], by=by, to=to, keep_reading=keep_reading)
    return deal


def assign_deals(deal_ids: Sequence[int], *, by: Actor, to: Person, keep_reading: bool = False) -> dict[int, Refusal]:
    """The same for many deals at once; answers those that stay, and why."""
    with transaction.atomic():
        deals = locked_rows(deal_ids)
        entry = Entry(by=by).expect(deals, lock=True)
        refused = {deal.pk: no for deal in deals if (no := assign_refusal(deal, by=by, to=to, entry=entry))}
        _assign([deal for deal in deals if deal.pk not in refused], by=by, to=to, keep_reading=keep_reading)
    return refused


def assign_refusal(deal: Deal, *, by: Actor, to: Person, entry: Entry) -> Refusal | None:
    """Why `by` may not hand this deal over, if so. `entry`: of all the deals that are handed over at once."""
    if no := change_refusal(by, deal):
        return no
    if deal.responsible_id != to.pk and not may_assign(deal, by=by):
        return Refusal(_("Your role may not hand over other people's deals."), rule="role")
    return entry.refusal(deal, hands=to.pk)


def may_assign(deal: Deal, *, by: Actor) -> bool:
    """Whether the role of `by` hands this deal over: one's own and nobody's always, others' by its right."""
    return deal.responsible_id in (None, by.person_id) or by.may("assign_deals")


def _assign(deals: Sequence[Deal], *, by: Actor, to: Person, keep_reading: bool) -> None:
    others = [deal for deal in deals if deal.responsible_id != to.pk]
    if others:
        become_owners(others, to, by, keep_reading=keep_reading)
    for deal in others:
        _leave_unsorted(deal, by)


def _leave_unsorted(deal: Deal, by: Actor) -> None:
    """A deal with an owner does not wait among the unsorted."""
    to = coming_to(deal)
    if to.pk != deal.stage_id:
        enter_stage(deal, to, by)


def _hand(by: Actor) -> Person:
    """Whose hand it is; only people take deals."""
    if by.person_id is None:
        raise Refusal(_("Only a person takes a deal."), rule="role")
    return Person.objects.select_related("role").get(pk=by.person_id)
