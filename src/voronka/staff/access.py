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
    "see_process",  # the map of funnels and its rules
    "manage_process",  # switch another process document on, mend a rule
    "see_clients",
    "export_deals",  # take a list out as a file
    "import_clients",  # bring clients and deals in from files
    "share_views",  # saved views that everybody has
    "release_messages",  # send or drop messages that wait for people
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


def within(
    *, reach: frozenset[str], permissions: frozenset[str], wanted: Iterable[str], wanted_permissions: Iterable[str]
) -> bool:
    """Whether nothing in `wanted` goes beyond what `reach` and `permissions` hold: nobody grants more than they have.

    Seats are left out: whose seat may be shared is asked of its people, one by one.
    """
    if not permissions.issuperset(wanted_permissions):
        return False
    if EVERYTHING in reach:
        return True
    heads = {token for token in reach if token.startswith("b:")}
    covered = reach | {token.replace("b:", "u:", 1) for token in heads}
    return all(token in covered for token in wanted if not token.startswith("s:"))
