"""The price of a move through all guards and rules: with 10 rules and with 200, one by one and on both cores.

The rules beyond the first ten stand, as in a company, at other stages, fields, tasks and timers; one in three has a
condition. What the moved deal meets stays the same, so what is measured is the price of having them.
"""

import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor

from benches.harness import Result, RunningVoronka, percentile, running_voronka
from benches.parts.company import join
from benches.parts.rules import asleep, process_of

FEW, MANY = 10, 200
P50_MS, PER_SECOND, GROWTH = 25.0, 100.0, 1.2
CORES, TURNS = 2, 4


def main(*, quick: bool = False) -> Result:
    result = Result("engine")
    moves = 160 if quick else 800
    with running_voronka() as system, asleep(system):
        join(system)
        times = in_turns(moves)
        few, many = percentile(times[FEW], 0.5), percentile(times[MANY], 0.5)
        result.note("moves", moves)
        result.note("p50_ms_10_rules", few)
        result.note("p50_ms_200_rules", many, holds=many <= P50_MS)
        result.note("p95_ms_200_rules", percentile(times[MANY], 0.95))
        result.note("growth", many / few, holds=many / few <= GROWTH)
        rate = together(system, moves)
        result.note("moves_per_second", rate, holds=rate >= PER_SECOND)
    return result


def in_turns(moves: int) -> dict[int, list[float]]:
    """Milliseconds of each move, the two processes in force by turns, so that nothing else tells them apart."""
    from voronka.kernel import actor
    from voronka.process.actions import activate
    from voronka.testing.cast import hire_cast

    hire_cast()
    texts = {count: process_of(count) for count in (FEW, MANY)}
    times: dict[int, list[float]] = {FEW: [], MANY: []}
    for _turn in range(TURNS):
        for count, text in texts.items():
            activate(text, by=actor.system("bench"))
            move_all(10)
            times[count] += move_all(moves // TURNS)
    return times


def move_all(count: int) -> list[float]:
    """Open so many deals, take them, and move each to the next stage; milliseconds of each move."""
    from voronka.clients.actions import register_client
    from voronka.deals.actions import create_deal, move_deal, take_deal
    from voronka.deals.models import Funnel, Stage
    from voronka.kernel import actor
    from voronka.staff.models import Brand, Person

    client, funnel = actor.client("bench"), Funnel.objects.get(key="first")
    to = Stage.objects.select_related("funnel").get(funnel=funnel, key="picked")
    by = Person.objects.select_related("role").get(email="maria@voronka.example").actor
    brand = Brand.objects.get(key="chas-iks")
    deals = []
    for number in range(count):
        contact = register_client(by=client, name=f"Клиент {number}")
        deal = create_deal(by=client, funnel=funnel, company=contact.company, contact=contact, brand=brand)
        deals.append(take_deal(deal.pk, by=by).pk)
    times = []
    for deal_id in deals:
        began = time.perf_counter()
        move_deal(deal_id, by=by, to=to)
        times.append((time.perf_counter() - began) * 1000)
    return times


def together(system: RunningVoronka, moves: int) -> float:
    """Moves a second of one process on each core; the slowest counts."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(CORES, mp_context=spawn, initializer=_child, initargs=(system.data,)) as pool:
        seconds = list(pool.map(_busy_seconds, [moves // CORES] * CORES))
    return moves / max(seconds)


def _child(data) -> None:
    from benches.harness import RunningVoronka

    join(RunningVoronka("", data, None))  # type: ignore[arg-type]


def _busy_seconds(count: int) -> float:
    return sum(move_all(count)) / 1000
