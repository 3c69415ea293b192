"""Screens over HTTP on a company of a million deals and as many contacts, as a manager and as a head of sales.

One click after another, then twenty people clicking once a second; and the same on ten thousand deals, since a screen
must not slow down as the company grows. Queries are counted in this process on the same base.
"""

import asyncio
import random
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import httpx

from benches.harness import Result, RunningVoronka, percentile
from benches.parts.filled import HEAD, MANAGER, Viewer, filled_voronka, sign_in

MANY, FEW = 1_000_000, 10_000
#: p95 of each screen in ms, one click after another.
TARGETS = {"board": 100, "list": 40, "list_all": 40, "card": 50, "client": 50, "day": 100}
TOGETHER, QUERIES, GROWTH = 100, 15, 1.5
USERS = 20
#: What people open in a day, how often.
CLICKS = {"card": 45, "board": 20, "list": 15, "client": 12, "day": 8}
BOARD = ("/board?funnel=first", "/board?funnel=repeat")
Address = Callable[[], str]


def main(*, quick: bool = False) -> Result:
    result = Result("screens")
    if quick:
        measure(result, FEW, clicks=25, seconds=5)
        return result
    _few, small = apart(FEW, clicks=100, seconds=0)
    result, large = apart(MANY, clicks=100, seconds=30)
    for screen, p95 in large.items():
        growth = p95 / small[screen]
        result.note(f"{screen}_growth", growth, holds=growth <= GROWTH)
    return result


def apart(deals: int, *, clicks: int, seconds: int) -> tuple[Result, dict[str, float]]:
    """The same in a process of its own: a process is set up for one base."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes:
        return processes.submit(_measured, deals, clicks, seconds).result()


def _measured(deals: int, clicks: int, seconds: int) -> tuple[Result, dict[str, float]]:
    result = Result("screens")
    return result, measure(result, deals, clicks=clicks, seconds=seconds)


def measure(result: Result, deals: int, *, clicks: int, seconds: int) -> dict[str, float]:
    """Notes the figures; returns p95 of each screen in ms."""
    with filled_voronka(deals) as system:
        viewers = sign_in(system, MANAGER, HEAD)
        screens = {viewer.login: addresses(system, viewer) for viewer in viewers}
        result.note("deals", deals)
        late = {}
        for viewer in viewers:
            for screen, address in screens[viewer.login].items():
                late[f"{viewer.login}_{screen}"] = one_by_one(result, system, viewer, screen, address, clicks)
        for viewer in viewers:
            for screen, address in screens[viewer.login].items():
                held = queries(viewer, address())
                result.note(f"{viewer.login}_{screen}_queries", held, holds=held <= QUERIES)
        if seconds:
            asyncio.run(together(result, system, [(viewer, screens[viewer.login]) for viewer in viewers], seconds))
    return late


def addresses(system: RunningVoronka, viewer: Viewer) -> dict[str, Address]:
    """Where this person clicks: deals and clients within reach, open ones and old ones."""
    seen = "true" if viewer.reach is None else "audience && %(reach)s::text[]"
    open_ones = _ids(system, viewer, f"SELECT id FROM deals_deal WHERE {seen} AND closed_at IS NULL LIMIT 300")
    old_ones = _ids(system, viewer, f"SELECT id FROM deals_deal WHERE {seen} AND id %% 7 = 0 LIMIT 200")
    clients = _ids(system, viewer, f"SELECT id FROM clients_company WHERE {seen} AND id %% 11 = 0 LIMIT 300")
    chance = random.Random(1)
    return {
        "board": lambda: chance.choice(BOARD),
        "list": lambda: chance.choice(("/deals", "/deals?funnel=first", "/deals?sort=-amount")),
        "list_all": lambda: "/deals?filter=",
        "card": lambda: f"/deals/{chance.choice([*open_ones, *old_ones])}",
        "client": lambda: f"/clients/{chance.choice(clients)}",
        "day": lambda: "/day",
    }


def _ids(system: RunningVoronka, viewer: Viewer, statement: str) -> list[int]:
    with system.connect(owner=True) as base:
        return [row[0] for row in base.execute(statement, {"reach": viewer.reach})]


def one_by_one(
    result: Result, system: RunningVoronka, viewer: Viewer, screen: str, address: Address, clicks: int
) -> float:
    took = []
    headers = {"cookie": viewer.cookie}
    with httpx.Client(base_url=system.base_url, headers=headers, timeout=60, trust_env=False) as client:
        for number in range(clicks + 10):
            began = time.perf_counter()
            answer = client.get(address())
            if answer.status_code != 200:
                raise RuntimeError(f"{answer.request.url} answered {answer.status_code}")
            if number >= 10:
                took.append((time.perf_counter() - began) * 1000)
    p95 = percentile(took, 0.95)
    result.note(f"{viewer.login}_{screen}_p50_ms", percentile(took, 0.5))
    result.note(f"{viewer.login}_{screen}_p95_ms", p95, holds=p95 <= TARGETS[screen])
    return p95


def queries(viewer: Viewer, address: str) -> int:
    """How many the page makes, by Django in this process on the same base."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    browser = Client(headers={"host": "127.0.0.1"})
    browser.cookies.load(viewer.cookie)
    browser.get(address)
    with CaptureQueriesContext(connection) as captured:
        answer = browser.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")
    return sum(not one["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")) for one in captured)


async def together(
    result: Result, system: RunningVoronka, people: Iterable[tuple[Viewer, dict[str, Address]]], seconds: int
) -> None:
    """Managers mostly: of twenty people one is the head."""
    manager, head = people
    took: list[float] = []
    ends = time.perf_counter() + seconds
    users = [_click_on(system, *(head if number == 0 else manager), took, ends, number) for number in range(USERS)]
    await asyncio.gather(*users)
    p95 = percentile(took, 0.95)
    result.note("together_clicks", len(took))
    result.note("together_p50_ms", percentile(took, 0.5))
    result.note("together_p95_ms", p95, holds=p95 <= TOGETHER)


async def _click_on(
    system: RunningVoronka, viewer: Viewer, screens: dict[str, Address], took: list[float], ends: float, number: int
) -> None:
    chance = random.Random(number)
    headers = {"cookie": viewer.cookie}
    async with httpx.AsyncClient(base_url=system.base_url, headers=headers, timeout=60, trust_env=False) as client:
        await asyncio.sleep(number / USERS)
        while time.perf_counter() < ends:
            screen = chance.choices(list(CLICKS), weights=list(CLICKS.values()))[0]
            began = time.perf_counter()
            answer = await client.get(screens[screen]())
            answer.raise_for_status()
            spent = time.perf_counter() - began
            took.append(spent * 1000)
            await asyncio.sleep(max(0.0, 1 - spent))
