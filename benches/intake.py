"""Intake: how fast deliveries are kept, how late at half that, how soon a card appears, how long a burst drains.

Acceptance is compared with what the same PostgreSQL commits in the same run: pgbench, as many connections, one row
and one queued job a transaction. The worker settles meanwhile, as it would.
"""

import asyncio
import time
from itertools import count

from benches.harness import Result, RunningVoronka, percentile, running_voronka
from benches.parts.board import OpenBoard
from benches.parts.commits import commit_rate
from benches.parts.company import Company, found_company
from benches.parts.load import run_burst, run_closed, run_open, send_open

CONNECTIONS = 16
RATIO, P99, ON_BOARD, DRAINED = 0.30, 0.100, 2.0, 90.0
BURST = 10_000
LIVE_RATE = 50


def main(*, quick: bool = False) -> Result:
    result = Result("intake")
    numbers = count(1)
    with running_voronka() as system:
        company = found_company(system)
        measure_live(result, system, company, numbers, seconds=5 if quick else 20)
        measure_acceptance(result, system, company, numbers, seconds=4 if quick else 15)
        measure_drain(result, system, company, numbers, quick=quick)
    return result


def measure_live(result: Result, system: RunningVoronka, company: Company, numbers, *, seconds: float) -> None:
    late = asyncio.run(_live(system, company, numbers, seconds))
    sent = int(LIVE_RATE * seconds)
    result.note("cards_on_board", len(late), holds=len(late) == sent)
    result.note("delivery_to_card_p50_ms", percentile(late, 0.5) * 1000)
    p95 = percentile(late, 0.95)
    result.note("delivery_to_card_p95_ms", p95 * 1000, holds=bool(late) and p95 <= ON_BOARD)


async def _live(system: RunningVoronka, company: Company, numbers, seconds: float) -> list[float]:
    key = company.source_keys["tilda"]
    board = OpenBoard(system, company)
    async with board.opened():
        load = await send_open(system.base_url, key, LIVE_RATE, 8, seconds, numbers)
        deadline = time.monotonic() + 15
        while len(board.cards) < len(load.sent) and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
    with system.connect() as base:
        rows = base.execute(
            "SELECT deal_id, delivery_key FROM intake_entry WHERE deal_id = ANY(%s)", [list(board.cards)]
        ).fetchall()
    return [board.cards[deal] - load.sent[int(key.rsplit(":", 1)[1])] for deal, key in rows]


def measure_acceptance(result: Result, system: RunningVoronka, company: Company, numbers, *, seconds: int) -> None:
    key = company.source_keys["tilda"]
    commits = commit_rate(system, connections=CONNECTIONS, seconds=seconds)
    run_closed(system.base_url, key, connections=CONNECTIONS, seconds=1, numbers=numbers)
    top = run_closed(system.base_url, key, connections=CONNECTIONS, seconds=seconds, numbers=numbers)
    result.note("connections", CONNECTIONS)
    result.note("commits_per_second", commits)
    result.note("accepted_per_second", top.rate)
    result.note("refused", top.refused, holds=top.refused == 0)
    result.note("ratio", top.rate / commits, holds=top.rate / commits >= RATIO)
    half = run_open(system.base_url, key, rate=top.rate / 2, connections=CONNECTIONS, seconds=seconds, numbers=numbers)
    result.note("half_load_p50_ms", half.at(0.5) * 1000)
    result.note("half_load_p99_ms", half.at(0.99) * 1000, holds=half.at(0.99) <= P99)
    kept = _count(system, "true")
    result.note("acknowledged_not_kept", max(0, len(top.seconds) + len(half.seconds) - kept), holds=True)


def measure_drain(result: Result, system: RunningVoronka, company: Company, numbers, *, quick: bool) -> None:
    """A burst on an idle system; `--quick` sends a fifth and reckons with its rate."""
    _forget_waiting(system)
    total = BURST // 10 if quick else BURST
    before = _settled(system)
    began = time.perf_counter()
    burst = run_burst(
        system.base_url, company.source_keys["tilda"], connections=CONNECTIONS, total=total, numbers=numbers
    )
    limit = DRAINED * (total / BURST) * 2 + 5
    while (left := _count(system, "account = 'waiting'")) and time.perf_counter() - began < limit:
        time.sleep(0.1)
    took = time.perf_counter() - began
    settled = _settled(system) - before
    result.note("burst", len(burst.seconds))
    result.note("settled_per_second", settled / took)
    result.note("burst_left", left, holds=left == 0)
    drained = took * BURST / total
    result.note("burst_of_10000_drained_s", drained, holds=drained <= DRAINED)
    failed = _count(system, "account = 'failed'")
    result.note("failed", failed, holds=failed == 0)


def _forget_waiting(system: RunningVoronka) -> None:
    """What the measurement of acceptance left is of no interest; the burst starts on an idle system."""
    with system.connect() as base:
        base.execute("UPDATE intake_entry SET account = 'rejected', settled_at = now() WHERE account = 'waiting'")
        base.execute("ANALYZE")


def _settled(system: RunningVoronka) -> int:
    return _count(system, "account IN ('deal', 'attached')")


def _count(system: RunningVoronka, condition: str) -> int:
    with system.connect() as base:
        row = base.execute(f"SELECT count(*) FROM intake_entry WHERE {condition}").fetchone()
    assert row is not None
    return row[0]
