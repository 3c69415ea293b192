"""Finding duplicates: FEBRL's sets, with and without what gives them away, and our own hard sets of Russian clients.

Nothing here is trained on the answers: probabilities are learned from the rows alone, thresholds are the product's.
`pairwise` F1 counts pairs of rows within the found groups. On FEBRL «automatic» is what passes the product's odds.
"""

import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from benches.harness import Result
from benches.parts import febrl, hard_firms, hard_russian, samples
from voronka.clients.matching import firms, people
from voronka.clients.matching.certainty import ASKED, AUTOMATIC, identified
from voronka.clients.matching.groups import grouped, one_to_one, pairs_within
from voronka.clients.matching.matcher import Compared, compare

FEBRL3, FEBRL4 = ("dataset3",), ("dataset4a", "dataset4b")
#: (files, with what gives them away) → least F1.
FEBRL_F1 = {(FEBRL3, False): 0.985, (FEBRL4, False): 0.994, (FEBRL3, True): 0.998, (FEBRL4, True): 0.998}
SURE = 0.999
SMALL, LARGE, FIRMS = 5_000, 50_000, 10_000
SMALL_SECONDS, LARGE_SECONDS = 4.0, 15.0
#: The thresholds were chosen on other sets, of other seeds.
SEED = 2024


def main(*, quick: bool = False) -> Result:
    result = Result("dedupe")
    for (files, whole), least in FEBRL_F1.items():
        measure_febrl(result, files, whole, least)
    measure_russian(result, "people_5k", SMALL, SMALL_SECONDS)
    if not quick:
        measure_russian(result, "people_50k", LARGE, LARGE_SECONDS)
    measure_firms(result, SMALL if quick else FIRMS)
    return result


def measure_febrl(result: Result, files: tuple[str, ...], whole: bool, least: float) -> None:
    name = f"febrl{files[0][7]}_{'whole' if whole else 'hard'}"
    table = febrl.load(samples.febrl(), *files)
    rows = len(table.truth)
    began = time.perf_counter()
    every = rows * rows / 4 if len(files) > 1 else rows * (rows - 1) / 2
    pairs = febrl.candidates(table)
    compared = compare(list(febrl.comparisons(table, whole=whole)), pairs, rows=rows, all_pairs=every)
    found = linked(compared, ASKED, each_once=len(files) > 1)
    seconds = time.perf_counter() - began
    precision, recall = quality(found, table.truth)
    f1 = 2 * precision * recall / (precision + recall)
    result.note(f"{name}_precision", precision)
    result.note(f"{name}_recall", recall)
    result.note(f"{name}_f1", f1, holds=f1 >= least)
    sure, covered = quality(linked(compared, AUTOMATIC, each_once=len(files) > 1), table.truth)
    result.note(f"{name}_automatic_precision", sure, holds=sure >= SURE)
    result.note(f"{name}_automatic_recall", covered)
    result.note(f"{name}_seconds", seconds, holds=seconds <= SMALL_SECONDS if rows <= SMALL else None)


def linked(compared: Compared, least: float, *, each_once: bool) -> list[tuple[int, int]]:
    if not each_once:
        return list(pairs_within(grouped(compared.pairs, compared.weighed.odds, least=least)))
    kept = one_to_one(compared.pairs, compared.weighed.odds, least=least)
    return list(zip(compared.pairs[0][kept].tolist(), compared.pairs[1][kept].tolist(), strict=True))


def measure_russian(result: Result, name: str, count: int, limit: float) -> None:
    rows = hard_russian.rows(samples.russian(), count, seed=SEED)
    began = time.perf_counter()
    cards = [row.card() for row in rows]
    compared = compare(list(people.comparisons(cards)), people.candidates(cards), rows=len(cards))
    found = linked(compared, ASKED, each_once=False)
    seconds = time.perf_counter() - began
    report(result, name, rows, compared, found)
    result.note(f"{name}_seconds", seconds, holds=seconds <= limit)


def measure_firms(result: Result, count: int) -> None:
    rows = hard_firms.rows(samples.russian(), count, seed=SEED)
    known = [row.firm() for row in rows]
    compared = compare(list(firms.comparisons(known)), firms.candidates(known), rows=len(known))
    report(result, "firms", rows, compared, linked(compared, ASKED, each_once=False))


def report(result: Result, name: str, rows: Sequence[Any], compared: Compared, found: list[tuple[int, int]]) -> None:
    """Quality in all, of what merges by itself, and by kind: of corruption what is found and merges, of lookalikes
    what is wrongly taken."""
    truth = [row.who for row in rows]
    precision, recall = quality(found, truth)
    certain = np.where(identified(compared.seen), compared.weighed.odds, ASKED)
    merged = list(pairs_within(grouped(compared.pairs, certain, least=AUTOMATIC)))
    sure, covered = quality(merged, truth)
    result.note(f"{name}_precision", precision)
    result.note(f"{name}_recall", recall)
    result.note(f"{name}_automatic_precision", sure, holds=sure >= SURE)
    result.note(f"{name}_automatic_recall", covered)
    total, seen, taken = by_kind(true_pairs(truth), rows), by_kind(found, rows, truth), by_kind(merged, rows, truth)
    asked_wrong, merged_wrong = by_kind(found, rows, truth, right=False), by_kind(merged, rows, truth, right=False)
    for kind in sorted(total):
        told = f"{seen[kind] / total[kind]:.3f} found, {taken[kind] / total[kind]:.3f} merged, of {total[kind]}"
        result.note(f"{name}: {kind}", f"{told}; wrong: {asked_wrong[kind]} shown, {merged_wrong[kind]} merged")


def by_kind(
    pairs: Sequence[tuple[int, int]], rows: Sequence[Any], truth: Sequence[Any] | None = None, *, right: bool = True
) -> Counter[str]:
    """How many pairs have a row of each kind; with `truth` only the right ones, or only the wrong ones."""
    counted: Counter[str] = Counter()
    for left, other in pairs:
        if truth is None or (truth[left] == truth[other]) == right:
            counted.update({*rows[left].how, *rows[other].how} or {"as typed"})
    return counted


def true_pairs(truth: Sequence[Any]) -> list[tuple[int, int]]:
    members: dict[Any, list[int]] = {}
    for row, who in enumerate(truth):
        members.setdefault(who, []).append(row)
    return list(pairs_within(list(members.values())))


def quality(found: Sequence[tuple[int, int]], truth: Sequence[Any]) -> tuple[float, float]:
    """(precision, recall) of pairs."""
    right = sum(truth[left] == truth[other] for left, other in found)
    return right / max(len(found), 1), right / max(len(true_pairs(truth)), 1)
