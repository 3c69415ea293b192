"""Bulk: 10,000 deals handed over with events and taken back, while a colleague goes on changing the same deals.

Over HTTP as the page does it; the worker's job does the work. What a colleague waits is measured before and meanwhile.
"""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from benches.harness import Result, RunningVoronka, percentile
from benches.parts.filled import HEAD, Viewer, filled_voronka, sign_in

COMPANY, CHOSEN = 50_000, 10_000
SECONDS, WAIT = 15, 200


def main(*, quick: bool = False) -> Result:
    result = Result("bulk")
    with filled_voronka(10_000 if quick else COMPANY) as system:
        [head] = sign_in(system, HEAD)
        bulk(result, system, head, 1_000 if quick else CHOSEN)
    return result


def bulk(result: Result, system: RunningVoronka, head: Viewer, wanted: int) -> None:
    allowed = SECONDS * wanted / CHOSEN
    ids, to = choose(system, head, wanted)
    with browser(system, head) as client:
        colleague = Colleague(system, head, ids)
        result.note("alone_max_ms", max(colleague.work(seconds=5)))
        with colleague:
            began = time.perf_counter()
            act = begin(client, ids, to)
            wait_for(client, act, "done")
            took = time.perf_counter() - began
        waits = colleague.waits
        result.note("deals", len(ids))
        result.note("handed_over_s", took, holds=took <= allowed)
        with colleague:
            began = time.perf_counter()
            client.post(f"/bulk/{act}/undo").raise_for_status()
            wait_for(client, act, "undone")
            took = time.perf_counter() - began
        result.note("taken_back_s", took, holds=took <= allowed)
        waits += colleague.waits
        result.note("colleague_changes", len(waits))
        result.note("colleague_p95_ms", percentile(waits, 0.95))
        result.note("colleague_max_ms", max(waits), holds=max(waits) <= WAIT)
    with system.connect(owner=True) as base:
        query = "SELECT state, count(*) FROM bulk_row WHERE act_id = %s GROUP BY state"
        for state, count in base.execute(query, [act]):
            result.note(state, count)


def choose(system: RunningVoronka, head: Viewer, wanted: int) -> tuple[list[int], int]:
    """Deals that the head sees, and a manager who gets them."""
    seen = "true" if head.reach is None else "audience && %(reach)s::text[]"
    with system.connect(owner=True) as base:
        found = base.execute(
            f"SELECT id FROM deals_deal WHERE {seen} ORDER BY id DESC LIMIT %(wanted)s",
            {"reach": head.reach, "wanted": wanted},
        )
        ids = [row[0] for row in found]
        person = base.execute(
            "SELECT p.id FROM staff_person p JOIN staff_role r ON r.id = p.role_id"
            " WHERE r.key = 'manager' AND p.is_active ORDER BY p.id DESC LIMIT 1"
        ).fetchone()
    assert person is not None
    return ids, person[0]


def begin(client: httpx.Client, ids: list[int], to: int) -> int:
    form = {"kind": "assign", "person": to, "ids": ",".join(map(str, ids)), "place": "list"}
    answer = client.post("/bulk", data=form)
    if answer.status_code != 302:
        raise RuntimeError(f"{answer.status_code}: {answer.text[:2000]}")
    return int(answer.headers["location"].rsplit("/", 1)[1])


def wait_for(client: httpx.Client, act: int, state: str) -> None:
    deadline = time.monotonic() + 300
    while "data-bulk-ended" not in client.get(f"/bulk/{act}/progress").text:
        if time.monotonic() > deadline:
            raise TimeoutError(f"act {act} is not {state}")
        time.sleep(0.5)


@contextmanager
def browser(system: RunningVoronka, who: Viewer) -> Iterator[httpx.Client]:
    """A signed-in page with its token against forged requests."""
    with httpx.Client(base_url=system.base_url, timeout=60, trust_env=False) as client:
        client.cookies.set(*who.cookie.split("=", 1))
        token = client.get("/deals").text.split('name="csrf-token" content="', 1)[1].split('"', 1)[0]
        client.headers["X-CSRFToken"] = token
        client.headers["Referer"] = system.base_url
        yield client


class Colleague:
    """Opens one of the deals and changes its subject, again and again; `waits` in ms."""

    def __init__(self, system: RunningVoronka, who: Viewer, ids: list[int]) -> None:
        self.system, self.who, self.ids = system, who, ids
        self.chance = random.Random(1)
        self.waits: list[float] = []
        self.ending = threading.Event()

    def __enter__(self) -> None:
        self.waits, self.ending = [], threading.Event()
        self.thread = threading.Thread(target=self._work)
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.ending.set()
        self.thread.join()

    def work(self, *, seconds: float) -> list[float]:
        with self:
            time.sleep(seconds)
        return self.waits

    def _work(self) -> None:
        with browser(self.system, self.who) as client:
            while not self.ending.wait(0.1):
                deal = self.chance.choice(self.ids)
                began = time.perf_counter()
                answer = client.patch(f"/deals/{deal}/fields", data={"title": f"Тема {self.chance.random():.6f}"})
                if answer.status_code != 200:
                    raise RuntimeError(f"a change answered {answer.status_code}")
                self.waits.append((time.perf_counter() - began) * 1000)
