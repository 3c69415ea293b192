"""The work of a search: people, then companies, families, and last the deals of those who are one by now."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voronka.clients.matching import firms, people
from voronka.clients.matching.blocks import Pairs
from voronka.clients.matching.certainty import AUTOMATIC, STRICT
from voronka.clients.matching.model import Learned
from voronka.clients.merges import holders_of
from voronka.clients.merging.joining import Pair
from voronka.clients.models import Matching, Merge, Scan, Suspicion
from voronka.deals.actions import merge_many_clients, merge_many_contacts, merge_many_deals, undo_merges
from voronka.kernel import clock
from voronka.kernel.actor import system
from voronka.kernel.models import Event

from . import judged, needs
from .chains import chained, to_chief
from .families import read_families
from .finding import Doubt, Found, May, Question, find
from .reading import Rows, read_firms, read_needs, read_people

log = logging.getLogger("voronka.duplicates")

#: So many pairs are merged in one transaction: nobody waits long for one of those clients.
CHUNK = 100
Automatic = Matching.Automatic
LEAST: Mapping[str, float | None] = {Automatic.OFF: None, Automatic.STRICT: STRICT, Automatic.MEASURED: AUTOMATIC}
Kind = Suspicion.Kind
QUESTIONS: Mapping[str, Question] = {
    Kind.PERSON: Question(people.comparisons, people.candidates),
    Kind.FIRM: Question(firms.comparisons, firms.candidates),
    Kind.DEAL: Question(needs.comparisons, needs.candidates, needs.telling, needs.of_one_client),
}
#: Events after which a client may be somebody's double.
TELLING = (
    "client.registered", "client.changed", "contact.added", "contact.changed", "identity.added", "address.added",
    "requisites.added", "deal.created", "deal.changed", "client.parted", "deal.parted", "contact.parted",
)  # fmt: skip


def run(scan_id: int) -> None:
    """Search and merge. What was merged before a crash stays merged; the search is begun anew."""
    scan = Scan.objects.get(pk=scan_id)
    if scan.state not in (Scan.State.QUEUED, Scan.State.RUNNING):
        return
    scan.upto = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    _say(scan, state=Scan.State.RUNNING, upto=scan.upto)
    try:
        Search(scan).run()
    except Exception as error:
        log.exception("The search %s has failed", scan.pk)
        _say(scan, state=Scan.State.FAILED, why=f"{type(error).__name__}: {error}"[:500], ended_at=clock.now())
        return
    _say(scan, state=Scan.State.DONE, step="", ended_at=clock.now())


def undo(scan_id: int) -> None:
    """Part all that this search has merged, the last first."""
    scan = Scan.objects.get(pk=scan_id)
    if scan.state != Scan.State.UNDOING:
        return
    by = system(f"scan:{scan.pk}")
    standing = Merge.objects.filter(scan=scan, within=None, undone_at=None).order_by("-pk").defer("carried")
    _say(scan, total=standing.count(), done=0)
    while merges := list(standing[:CHUNK]):
        undo_merges(merges, by=by)
        _say(scan, done=scan.done + len(merges))
    _say(scan, state=Scan.State.UNDONE, undone_at=clock.now())


def nightly() -> None:
    """What is new since the last search, if people have begun with one."""
    last = Scan.objects.filter(state__in=(Scan.State.DONE, Scan.State.UNDONE)).order_by("-pk").first()
    if last and not Scan.objects.filter(state__in=(Scan.State.QUEUED, Scan.State.RUNNING)).exists():
        settings, _made = Matching.objects.get_or_create(pk=1)
        scan = Scan.objects.create(automatic=settings.automatic, since=last.upto, begun_at=clock.now())
        run(scan.pk)


class Search:
    """One search. `least`: odds from which rows are merged without asking, if at all."""

    def __init__(self, scan: Scan) -> None:
        self.scan, self.by, self.began = scan, system(f"scan:{scan.pk}"), clock.now()
        self.least = LEAST[scan.automatic]
        self.settings, _made = Matching.objects.get_or_create(pk=1)
        self.changed = None if scan.since is None else _changed_since(scan.since)

    def run(self) -> None:
        self.people()
        self.firms()
        self.families()
        self.deals()
        if self.changed is None:
            self.settings.save(update_fields=["learned"])
            Suspicion.objects.filter(state=Suspicion.State.WAITS, found_at__lt=self.began).delete()

    def people(self) -> None:
        rows = self.read(Kind.PERSON, read_people)
        clients, families = np.array(rows.clients, np.int64), np.array(rows.families, bool)

        def may(pairs: Pairs) -> NDArray[np.bool_]:
            """Somebody may work in two companies; of one family, or of two, a person is one."""
            left, right = pairs
            return (clients[left] == clients[right]) | (families[left] & families[right])

        found = self.find(Kind.PERSON, rows, may)
        groups = _ids(rows, found.sure)
        whose, one_person = dict(zip(rows.ids, rows.clients, strict=True)), to_chief(groups)
        merge_them = partial(merge_many_clients, by=self.by, scan=self.scan.pk, people=one_person)
        self.merge(chained({whose[pk] for pk in group} for group in groups), merge_them)
        self.merge(_still_two(one_person), partial(merge_many_contacts, by=self.by, scan=self.scan.pk))
        self.keep(Kind.PERSON, rows, found, Merge.Kind.CONTACT)

    def firms(self) -> None:
        rows = self.read(Kind.FIRM, read_firms)
        found = self.find(Kind.FIRM, rows, _any)
        self.merge(chained(_ids(rows, found.sure)), partial(merge_many_clients, by=self.by, scan=self.scan.pk))
        self.keep(Kind.FIRM, rows, found, Merge.Kind.COMPANY)

    def families(self) -> None:
        _say(self.scan, step=Kind.FAMILY)
        rows, doubts = read_families()
        self.keep(Kind.FAMILY, rows, Found([], [one for one in doubts if self.is_new(rows, one)]), Merge.Kind.COMPANY)

    def deals(self) -> None:
        rows = self.read(Kind.DEAL, read_needs)
        found = self.find(Kind.DEAL, rows, _any)
        self.merge(chained(_ids(rows, found.sure)), partial(merge_many_deals, by=self.by, scan=self.scan.pk))
        self.keep(Kind.DEAL, rows, found, Merge.Kind.DEAL)

    def read(self, kind: str, reader: Callable[[], Rows[Any]]) -> Rows[Any]:
        _say(self.scan, step=kind, total=0, done=0)
        return reader()

    def find(self, kind: str, rows: Rows[Any], may: May) -> Found:
        """What was learned of the whole base serves the searches for what is new, and on entry."""
        new = np.array([self.changed is None or client in self.changed for client in rows.clients], bool)
        apart = judged.different(kind)

        def fit(pairs: Pairs) -> NDArray[np.bool_]:
            return may(pairs) & (new[pairs[0]] | new[pairs[1]]) & judged.not_among(pairs, rows.ids, apart)

        known = None if self.changed is None else Learned.read(self.settings.learned.get(kind))
        found = find(QUESTIONS[kind], rows.cards, least=self.least, may=fit, learned=known)
        if self.changed is None and found.learned:
            self.settings.learned[kind] = found.learned.told
        return _without(found, rows, judged.not_by_itself(kind))

    def is_new(self, rows: Rows[Any], one: Doubt) -> bool:
        return self.changed is None or bool({rows.clients[one.left], rows.clients[one.right]} & self.changed)

    def merge(self, pairs: Sequence[Pair], act: Callable[[Sequence[Pair]], list[Merge]]) -> None:
        _say(self.scan, total=self.scan.total + len(pairs))
        for start in range(0, len(pairs), CHUNK):
            part = pairs[start : start + CHUNK]
            merged = act(part)
            _say(self.scan, done=self.scan.done + len(part), found=self.scan.found + len(merged))

    def keep(self, kind: str, rows: Rows[Any], found: Found, merged_as: str) -> None:
        """What people shall judge, and what was merged without them."""
        done = to_chief(_ids(rows, found.sure))
        merges = Merge.objects.filter(scan=self.scan, kind=merged_as, undone_at=None)
        by_other = {other: within or pk for pk, other, within in merges.values_list("pk", "other", "within_id")}
        apart = judged.different(kind)
        kept = {
            (chief, other): Suspicion(odds=AUTOMATIC, state=Suspicion.State.ONE, merge_id=by_other[other])
            for other, chief in done.items()
            if other in by_other
        }
        for one in found.doubts:
            pair = (rows.ids[one.left], rows.ids[one.right])
            if pair not in apart and pair not in kept:
                kept[pair] = Suspicion(odds=one.odds, reasons=one.reasons)
        for (left, right), suspicion in kept.items():
            suspicion.kind, suspicion.left, suspicion.right, suspicion.found_at = kind, left, right, self.began
        Suspicion.objects.bulk_create(
            kept.values(),
            batch_size=500,
            update_conflicts=True,
            unique_fields=["kind", "left", "right"],
            update_fields=["odds", "reasons", "found_at"],
        )


def _any(pairs: Pairs) -> NDArray[np.bool_]:
    return np.ones(len(pairs[0]), bool)


def _ids(rows: Rows[Any], groups: Iterable[Iterable[int]]) -> list[list[int]]:
    return [[rows.ids[place] for place in group] for group in groups]


def _without(found: Found, rows: Rows[Any], held: set[judged.Ids]) -> Found:
    """A group with a pair that people have parted waits for people, whole."""
    if not held:
        return found
    sure, doubts = [], list(found.doubts)
    for group in found.sure:
        ids = sorted(rows.ids[place] for place in group)
        if any(pair in held for pair in combinations(ids, 2)):
            doubts += [Doubt(group[0], place, AUTOMATIC, []) for place in group[1:]]
        else:
            sure.append(group)
    return Found(sure, doubts, found.learned)


def _still_two(one_person: Mapping[int, int]) -> list[Pair]:
    """Of these people those who are of one client by now, and not yet one."""
    holders = holders_of(Merge.Kind.CONTACT, [*one_person, *one_person.values()])
    pairs = {(holders[chief], holders[other]) for other, chief in one_person.items()}
    return [Pair(min(pair), max(pair)) for pair in sorted(pairs) if len({*pair}) == 2]


def _changed_since(event: int) -> set[int]:
    """Clients of whom something was told since that may show them as somebody's double."""
    found = Event.objects.filter(pk__gt=event, kind__in=TELLING).values_list("company_id", flat=True).distinct()
    return {client for client in found if client is not None}


def _say(scan: Scan, **facts: Any) -> None:
    """For the page, which shows how far it is."""
    for key, value in facts.items():
        setattr(scan, key, value)
    scan.save(update_fields=list(facts))
