"""Who sees a task: whoever sees its deal, and its responsible's seat; a task of its own also the heads."""

from collections.abc import Iterable

from voronka.staff.models import Person


def audience_of(*, responsible: Person | None, deal_audience: Iterable[str] | None) -> list[str]:
    tokens = set(deal_audience or ())
    if responsible:
        tokens.add(f"s:{responsible.seat_id}")
        if deal_audience is None:
            tokens |= {f"b:{brand.pk}" for brand in responsible.brands.all()} or {"b:0"}
    return sorted(tokens)
