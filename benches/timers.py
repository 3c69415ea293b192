"""Timers by the million: what a tick costs while few are due, and that none is lost, doubled or early.

The first part fills a base with stays at a stage that one rule waits for, most of them not due. The second lives a
month with a clock that jumps back by 30 days and to and fro by two hours, a worker that is killed amid its work and
forgets what it has seen, and compares what was done with a plain list of what should have been.
"""

import random
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from benches.harness import Result, running_voronka
from benches.parts.company import join
from benches.parts.rules import asleep, process_of

OPEN, FEW, DUE = 1_000_000, 50_000, 1_000
TICK_MS = 200.0
START = datetime(2026, 11, 2, 9, tzinfo=UTC)
RULES = """\
  - key: waits
    title: Долго в работе
    when: {event: stage_time, stages: [first/taken], after: 3 days}
    then:
      - {do: create_task, kind: check, title: "Проверить: {client}", due: 4 hours, for: responsible}
"""

_FILL = """
    INSERT INTO clients_company (id, audience, kind, name, comment, home, created_at)
        VALUES (1, ARRAY['b:1'], 'family', 'Клиент', '', '{}', %(start)s);
    INSERT INTO deals_deal (audience, title, amount, watchers, channel, utm, first_touch, last_touch, fields, is_repeat,
                            is_unread, created_at, stage_entered_at, loss_comment, version, company_id, funnel_id,
                            stage_id)
        SELECT ARRAY['b:1'], 'Сделка ' || n, n %% 90000, '{}', 'site', '{}', '{}', '{}', '{}', false, false, %(start)s,
               CASE WHEN n <= %(due)s THEN %(start)s ELSE %(start)s + (3600 + n %% 86400) * interval '1 s' END,
               '', 1, 1, %(funnel)s, %(stage)s
        FROM generate_series(1, %(deals)s) AS n;
    INSERT INTO deals_passage (entered_at, deal_id, stage_id) SELECT stage_entered_at, id, stage_id FROM deals_deal;
    ANALYZE
"""


def main(*, quick: bool = False) -> Result:
    result = Result("timers")
    with running_voronka() as system, asleep(system):
        join(system)
        from voronka.kernel import actor
        from voronka.process.actions import activate
        from voronka.testing.cast import hire_cast

        hire_cast()
        activate(process_of(200, RULES), by=actor.system("bench"))
        live(result, days=6 if quick else 30, deals=40 if quick else 200)
        with system.connect(owner=True) as base:
            fill(base, FEW if quick else OPEN)
        measure(result, FEW if quick else OPEN)
    return result


def fill(base: Any, deals: int) -> None:
    stage, funnel = base.execute(
        "SELECT s.id, s.funnel_id FROM deals_stage s JOIN deals_funnel f ON f.id = s.funnel_id "
        "WHERE f.key = 'first' AND s.key = 'taken'"
    ).fetchone()
    base.execute("TRUNCATE clients_company, deals_deal RESTART IDENTITY CASCADE")
    given = {"start": START, "due": DUE, "deals": deals, "stage": stage, "funnel": funnel}
    for statement in _FILL.split(";"):
        base.execute(statement, given if "%(" in statement else None)


def measure(result: Result, deals: int) -> None:
    """A whole look first, as after a start; then a thousand become due at once; then ticks with nothing to do."""
    from voronka.process import ticker
    from voronka.process.models import Firing

    memory = ticker.Memory()
    due_at = START + timedelta(days=3)
    whole = timed(lambda: ticker.tick(due_at - timedelta(minutes=5), memory=memory))
    result.note("open_timers", deals)
    result.note("whole_look_ms", whole)
    finding = timed(lambda: _find(due_at, memory))
    found = Firing.objects.filter(fired_at=None).count()
    result.note("due", found, holds=found == DUE)
    result.note("tick_ms", finding, holds=finding <= TICK_MS)
    began, run = time.perf_counter(), 0
    while some := ticker.tick(due_at, memory=memory):
        run += some
    result.note("run", run, holds=run == DUE)
    result.note("run_per_second", run / (time.perf_counter() - began))
    idle = timed(lambda: ticker.tick(due_at + timedelta(seconds=1), memory=memory))
    result.note("idle_tick_ms", idle, holds=idle <= TICK_MS)


def _find(now: datetime, memory: Any) -> None:
    from voronka.kernel import clock
    from voronka.process import queries, ticker

    with clock.freeze(now):
        ticker.find(queries.in_force(), now, memory)


def timed(act: Any) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


class Killed(BaseException):
    """The worker died here: whatever its transaction had done is gone."""


def live(result: Result, *, days: int, deals: int) -> None:
    """A month of a worker's life. Early is what ran before its moment by the clock that the worker was shown."""
    from voronka.kernel import clock
    from voronka.process import ticker
    from voronka.process.models import Firing
    from voronka.process.steps import CreateTask
    from voronka.tasks.models import Task

    chance, works = random.Random(11), CreateTask.run

    def mortal(step: CreateTask, work: Any) -> None:
        works(step, work)
        if chance.random() < 0.1:
            raise Killed

    entered = sorted(START + timedelta(seconds=chance.randrange((days - 4) * 86400)) for _ in range(deals))
    true, end, memory, kills, jumps = START, START + timedelta(days=days), ticker.Memory(), 0, 0
    CreateTask.run = mortal  # type: ignore[assignment,method-assign]
    try:
        while true < end:
            while entered and entered[0] <= true:
                _take_one(entered.pop(0))
            wrong = chance.choice([0.0] * 12 + [-30 * 86400, 7200, -7200])
            shown = min(true + timedelta(seconds=wrong), end)
            jumps += wrong != 0
            try:
                ticker.tick(shown, memory=memory)
            except Killed:
                kills, memory = kills + 1, ticker.Memory()
            true += timedelta(seconds=chance.choice([1, 60, 1800, 7200, 43200]))
    finally:
        CreateTask.run = works  # type: ignore[method-assign]
    while ticker.tick(end, memory=memory):
        pass
    with clock.freeze(end):
        made = Task.objects.filter(rule="waits").count()
    fired = list(Firing.objects.filter(rule="waits").values_list("due_at", "fired_at", "deal__stage_entered_at"))
    early = sum(fired_at < due_at for due_at, fired_at, _entered in fired if fired_at)
    result.note("lived_kills", kills, holds=kills > 0)
    result.note("lived_jumps", jumps, holds=jumps > 0)
    result.note("lived_lost", deals - made, holds=made == deals)
    result.note("lived_doubled", len(fired) - len(set(fired)) + max(made - deals, 0), holds=made <= deals)
    result.note("lived_early", early, holds=early == 0)


def _take_one(at: datetime) -> None:
    from voronka.clients.actions import register_client
    from voronka.deals.actions import create_deal, take_deal
    from voronka.deals.models import Funnel
    from voronka.kernel import actor, clock
    from voronka.staff.models import Person

    with clock.freeze(at):
        client = actor.client("bench")
        contact = register_client(by=client, name="Клиент")
        deal = create_deal(by=client, funnel=Funnel.objects.get(key="first"), company=contact.company, contact=contact)
        take_deal(deal.pk, by=Person.objects.select_related("role").get(email="irina@voronka.example").actor)
