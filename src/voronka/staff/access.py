"""What a role sees: the person's side of the gate, in one place. The deal's side is `deals.access`."""

from collections.abc import Iterable

from voronka.kernel.access import EVERYTHING

#: Everything a role may be granted, with the screens or acts it opens.
PERMISSIONS = (
    "take_deals",  # take an untaken inquiry
    "create_deals",
    "assign_deals",  # hand a deal to another person
    "see_ledger",  # balance of inquiries and its entries
    "repair_ledger",  # mend the mapping, replay, reject
    "manage_sources",
    "manage_people",
    "see_clients",
)


def reach_of(
    *, sees: str, sees_untaken: bool, seat: int, brands: Iterable[int], locations: Iterable[int]
) -> frozenset[str]:
    """Tokens of a person. «No brand» (0) belongs to the people of every brand, so nothing is seen by nobody."""
    if sees == "all":
        return frozenset({EVERYTHING})
    brand_ids = {0, *brands}
    tokens = {f"s:{seat}"}
    if sees == "brand":
        tokens |= {f"b:{brand}" for brand in brand_ids}
    if sees == "location":
        tokens |= {f"l:{location}" for location in locations}
    if sees_untaken:
        tokens |= {f"u:{brand}" for brand in brand_ids}
    return frozenset(tokens)
