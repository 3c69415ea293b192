"""Deals of a chunk: new ones set by set, known ones one by one and kept as wholes, so that they can be put back."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from voronka.deals.actions import create_deals, follow_deal
from voronka.deals.models import Deal
from voronka.deals.wholes import difference, is_nothing, wholes
from voronka.kernel import clock
from voronka.kernel.errors import FieldErrors, Refusal

from .draft import DealDraft
from .written import Hand, Written


def write(written: Sequence[Written], hand: Hand, tags: dict[str, str]) -> None:
    """`tags`: title in lower case → key."""
    with_deal = [one for one in written if one.plan.place and one.plan.draft.deal and one.plan.company]
    new = [one for one in with_deal if one.plan.deal is None]
    rows = [_deal(one, hand, tags) for one in new]
    create_deals(rows, by=hand.by)
    for one, row in zip(new, rows, strict=True):
        one.deal = row.pk
        one.made["deal"] = [row.pk]
    _follow([one for one in with_deal if one.plan.deal is not None], hand)


def _deal(one: Written, hand: Hand, tags: dict[str, str]) -> Deal:
    plan, said, place, now = one.plan, one.plan.draft.deal, one.plan.place, clock.now()
    assert said is not None and place is not None and plan.company is not None
    born = min(said.created or said.closed or now, now)
    closed = max(born, min(said.closed or born, now)) if place.stage.is_closing else None
    return Deal(
        funnel=place.funnel,
        stage=place.stage,
        title=said.title[:200],
        company_id=plan.company.pk,
        contact_id=plan.contact.id if plan.contact else None,
        amount=said.amount or Decimal(0),
        responsible=place.responsible,
        seat_id=place.responsible.seat_id if place.responsible else None,
        brand_id=hand.brand,
        channel="import",
        fields={key: value for key, value in said.fields.items() if value is not None},
        tags=list(dict.fromkeys(tags[title.casefold()] for title in said.tags)),
        is_repeat=not plan.makes_company,
        created_at=born,
        stage_entered_at=closed or born,
        taken_at=born if place.responsible else None,
        closed_at=closed,
        loss_reason=place.reason,
        loss_comment=said.reason if place.stage.meaning == "lost" and place.reason is None else "",
    )


def _follow(known: Sequence[Written], hand: Hand) -> None:
    ids = [one.plan.deal for one in known if one.plan.deal]
    before = wholes(ids)
    for one in known:
        one.deal = one.plan.deal
        said, place = one.plan.draft.deal, one.plan.place
        assert one.deal is not None and said is not None and place is not None
        try:
            follow_deal(one.deal, by=hand.by, values=_values(said), to=place.stage, loss_reason=place.reason)
        except (Refusal, FieldErrors) as no:
            one.refusal = str(no)
    after = wholes(ids)
    for one in known:
        pk = one.plan.deal or 0
        was = difference(before[pk], after[pk])
        if not is_nothing(was):
            one.was["deal"] = {pk: {"was": was, "mark": after[pk].digest}}


def _values(said: DealDraft) -> dict[str, Any]:
    """What the row says; what it leaves out stays."""
    built_in: dict[str, Any] = {
        "title": said.title or None,
        "amount": None if said.amount is None else f"{said.amount:.2f}",
    }
    return {key: value for key, value in (built_in | said.fields).items() if value is not None}
