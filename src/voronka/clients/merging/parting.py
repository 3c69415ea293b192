"""Merges are undone, the last one first: each then finds its rows where it has brought them, and its undoing is exact.

One in the middle is undone as in a pile of papers: what was laid on top, and has to do with the same rows, is lifted,
the one is taken out, and the rest is laid back, but for what can't be any more.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from voronka.kernel import clock
from voronka.kernel.actor import Actor

from ..models import Merge, Suspicion
from . import choice
from .carry import carry_back, end_not, hand_over_newer, put_back, read_rows, write_rows
from .joining import Pair, carry_all
from .kind import Kind

Kinds = Mapping[str, Kind]
#: A row of some kind.
Token = tuple[str, int]


@dataclass(frozen=True)
class Lifted:
    """A merge that was undone for a while; `kept`: what its survivor says for itself, whatever the rules say."""

    merge: Merge
    kept: Mapping[str, Any]


def take_out_of_pile(kinds: Kinds, merge: Merge, *, by: Actor, since_to_other: bool = False) -> list[Merge]:
    """Undo one merge, whatever came on top. Answers all that are undone now: those too that stood on this one."""
    lifted = [_lift(kinds, one) for root in on_top_of(merge) for one in _whole(root)]
    parts = _whole(merge)
    for one in parts:
        lift_all(kinds, [one])
    if since_to_other:
        _hand_over(kinds, parts, [one.merge for one in lifted])
    fallen = [one.merge for one in reversed(lifted) if not _lay_back(kinds, one)]
    mark_undone([*parts, *fallen], by)
    return [*parts, *fallen]


def lift_all(kinds: Kinds, merges: Sequence[Merge]) -> list[Lifted]:
    """Merges of one kind that have no row in common and nothing on top of them: their rows as they were."""
    kind = kinds[merges[0].kind]
    ways = {merge.other: merge.survivor for merge in merges}
    told = {merge.other: merge.carried for merge in merges}
    put_back(kind.table, [one["row"] for one in told.values()])
    for table in {table for one in told.values() for table in one["removed"]}:
        put_back(table, [row for one in told.values() for row in one["removed"].get(table, ())])
    carry_back(kind.references, ways, {other: one["moved"] for other, one in told.items()})
    kind.lead_back(ways, {other: one["led"] for other, one in told.items()})
    for ending in kind.endings:
        for merge in merges:
            if ids := merge.carried["ended"].get(ending.key):
                end_not(ending, ids, at=merge.merged_at)
    rows = read_rows(kind.table, ways.values())
    write_rows(
        kind.table, rows, {ways[other]: choice.parted(one["changed"], rows[ways[other]]) for other, one in told.items()}
    )
    return [Lifted(one, choice.kept(kind.rules, one.carried["changed"], rows[one.survivor])) for one in merges]


def lift_layer(kinds: Kinds, roots: Sequence[Merge]) -> list[Merge]:
    """Undo merges of one kind that have no row in common, with their parts."""
    parts = list(Merge.objects.filter(within__in=[one.pk for one in roots], undone_at=None))
    if parts:
        lift_all(kinds, parts)
    lift_all(kinds, roots)
    return [*parts, *roots]


def sorted_out(merges: Sequence[Merge]) -> tuple[list[Merge], list[Merge]]:
    """(those on which nothing lies but each other, the rest; the last ones first)."""
    ids = {one.pk for one in merges}
    parts = list(Merge.objects.filter(within__in=ids, undone_at=None).defer("carried"))
    above: dict[Token, int] = {}
    for one in later(tokens([*merges, *parts]), min(ids, default=0)):
        if one.pk not in ids and one.within_id not in ids:
            above |= {token: max(one.pk, above.get(token, 0)) for token in tokens([one])}
    rows: dict[int, set[Token]] = {one.pk: tokens([one]) for one in merges}
    for part in parts:
        rows[part.within_id or 0] |= tokens([part])
    buried = [one for one in merges if any(above.get(token, 0) > one.pk for token in rows[one.pk])]
    under = {one.pk for one in buried}
    return [one for one in merges if one.pk not in under], sorted(buried, key=lambda one: -one.pk)


def layers(merges: Sequence[Merge]) -> Iterator[list[Merge]]:
    """The last ones first; no two of a layer have to do with the same rows."""
    depth: dict[Token, int] = {}
    found: dict[tuple[int, str], list[Merge]] = {}
    for one in sorted(merges, key=lambda merge: -merge.pk):
        mine = tokens([one])
        level = max(depth.get(token, 0) for token in mine)
        depth |= dict.fromkeys(mine, level + 1)
        found.setdefault((level, one.kind), []).append(one)
    yield from (found[key] for key in sorted(found))


def mark_undone(merges: Sequence[Merge], by: Actor) -> None:
    now = clock.now()
    ids = [merge.pk for merge in merges]
    Merge.objects.filter(pk__in=ids).update(undone_at=now, undone_by=by.person_id)
    asked_again = Suspicion.objects.filter(merge__in=ids, state=Suspicion.State.ONE)
    asked_again.update(state=Suspicion.State.WAITS, decided_by=None, decided_at=None)
    for merge in merges:
        merge.undone_at, merge.undone_by_id = now, by.person_id


def on_top_of(merge: Merge) -> list[Merge]:
    """Merges that came later and have to do with the same rows, or with rows of those; the last one first."""
    known, found = tokens([merge, *merge.parts.all()]), dict[int, Merge]()
    fresh: list[Merge] = [merge]
    while fresh:
        fresh = [one for one in later(known, merge.pk) if one.pk not in found and one.within_id != merge.pk]
        found |= {one.pk: one for one in fresh}
        known |= tokens(fresh)
    roots = {one.within_id or one.pk for one in found.values()}
    return list(Merge.objects.select_for_update().filter(pk__in=roots).order_by("-pk"))


def later(known: set[Token], than: int) -> list[Merge]:
    """Standing merges after that one which have to do with these rows."""
    by_kind = {kind: [pk for of, pk in known if of == kind] for kind in Merge.Kind.values}
    touching = Q(client__in=by_kind[Merge.Kind.COMPANY])
    for kind, ids in by_kind.items():
        touching |= Q(kind=kind, survivor__in=ids) | Q(kind=kind, other__in=ids)
    return list(Merge.objects.filter(touching, undone_at=None, pk__gt=than).defer("carried"))


def tokens(merges: Sequence[Merge]) -> set[Token]:
    rows = {(one.kind, pk) for one in merges for pk in (one.survivor, one.other)}
    return rows | {(Merge.Kind.COMPANY.value, one.client) for one in merges}


def _whole(merge: Merge) -> list[Merge]:
    """A merge after its parts, as they are undone."""
    return [*merge.parts.filter(undone_at=None).order_by("-pk"), merge]


def _lift(kinds: Kinds, merge: Merge) -> Lifted:
    [lifted] = lift_all(kinds, [merge])
    return lifted


def _lay_back(kinds: Kinds, lifted: Lifted) -> bool:
    """Merge again what was lifted; False when the two have to do with each other no more."""
    merge, kind = lifted.merge, kinds[lifted.merge.kind]
    rows = read_rows(kind.table, [merge.survivor, merge.other])
    if len(rows) < 2 or (kind.of and rows[merge.survivor][kind.of] != rows[merge.other][kind.of]):
        return False
    now = rows[merge.survivor]
    as_before = {column: value for column, value in lifted.kept.items() if now[column] == value}
    chosen = merge.carried.get("own", {})
    [carried] = carry_all(kind, [Pair(merge.survivor, merge.other, chosen | as_before)], at=merge.merged_at)
    merge.carried = carried.told | {"own": chosen, "last": merge.carried["last"]}
    merge.save(update_fields=["carried"])
    return True


def _hand_over(kinds: Kinds, parts: Sequence[Merge], lifted: Sequence[Merge]) -> None:
    """What was added since leads to the other row of each part: wherever the survivor's own things have come since."""
    for merge in parts:
        references, holder, last = kinds[merge.kind].references, merge.survivor, merge.carried["last"]
        hand_over_newer(references, last, holder=holder, other=merge.other)
        for above in sorted(lifted, key=lambda one: one.pk):
            if above.kind == merge.kind and above.other == holder:
                holder, last = above.survivor, above.carried["last"]
                hand_over_newer(references, last, holder=holder, other=merge.other)
