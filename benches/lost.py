"""Lost: kill -9 of web, worker and PostgreSQL at random under load. Nothing acknowledged may be missing or twice there.

Senders behave as real ones: what is not acknowledged is sent again. A tenth of the deliveries comes again later, out of
order; a few senders hang up before they read the answer. What was acknowledged is written down outside the system.
"""

import asyncio
import json
import random
import tempfile
import time
from collections import Counter
from pathlib import Path

import psycopg

from benches.harness import Result, RunningVoronka, running_voronka
from benches.parts.company import found_company
from benches.parts.load import Connection, connect, phone, request

PARTS = ("web", "worker", "postgres")
RATE = 60
SENDERS = 12
REPEATED, HANGS_UP, SHARED_PHONE = 0.10, 0.03, 20
ANSWER_SECONDS = 6.0


def main(*, quick: bool = False) -> Result:
    result = Result("lost")
    with tempfile.TemporaryDirectory() as folder, running_voronka() as system:
        key = found_company(system).source_keys["json"]
        journal = Path(folder) / "acknowledged.jsonl"
        story = asyncio.run(Story(system, key, journal, kills=5 if quick else 25).run())
        left = wait_until_settled(system, seconds=25 if quick else 240)
        judge(result, system, story, journal, left)
    return result


class Story:
    """Senders, the killer and the journal of one run."""

    def __init__(self, system: RunningVoronka, key: str, journal: Path, *, kills: int) -> None:
        self.system, self.key, self.wanted = system, key, kills
        self.journal = journal.open("w")
        self.kills: Counter[str] = Counter()
        self.due: asyncio.Queue[int] = asyncio.Queue()
        self.acknowledged: set[int] = set()
        self.open = 0
        self.sent = self.repeats = self.unanswered = self.hit_committed = 0
        self.ending = False
        self.chance = random.Random(20261121)

    async def run(self) -> "Story":
        senders = [asyncio.create_task(self.send_on()) for _ in range(SENDERS)]
        source = asyncio.create_task(self.produce())
        await self.kill_on()
        await asyncio.sleep(1)
        self.ending = True
        await source
        deadline = time.monotonic() + 60
        while self.open and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
        for sender in senders:
            sender.cancel()
        await asyncio.gather(*senders, return_exceptions=True)
        self.journal.close()
        return self

    async def produce(self) -> None:
        """New deliveries at an even rate; some of the older ones again, at any later time."""
        number = 0
        while not self.ending:
            number += 1
            self.put(number)
            if self.chance.random() < REPEATED:
                self.repeats += 1
                self.put(self.chance.randint(max(1, number - 200), number))
            await asyncio.sleep(1 / RATE)

    def put(self, number: int) -> None:
        self.open += 1
        self.due.put_nowait(number)

    async def send_on(self) -> None:
        connection: Connection | None = None
        while True:
            number = await self.due.get()
            status = 0
            try:
                connection = connection if connection and not connection.lost else await connect(self.system.base_url)
                status = await self.send(connection, number)
            except (OSError, TimeoutError):
                connection = None
            if status in (200, 201):
                self.note(number, status)
                self.open -= 1
            else:
                self.unanswered += 1
                await asyncio.sleep(0.2)
                self.due.put_nowait(number)

    async def send(self, connection: Connection, number: int) -> int:
        self.sent += 1
        asking = connection.ask(request(self.system.base_url, self.key, body(number), "application/json"))
        if self.chance.random() < HANGS_UP:
            answer = asyncio.ensure_future(asking)
            await asyncio.sleep(0.02)
            if not answer.done():
                answer.cancel()
                assert connection.transport is not None
                connection.transport.abort()
                raise TimeoutError
            return await answer
        return await asyncio.wait_for(asking, ANSWER_SECONDS)

    def note(self, number: int, status: int) -> None:
        """Into the journal. «200» for a delivery never acknowledged before: its row was there already."""
        self.hit_committed += status == 200 and number not in self.acknowledged
        self.acknowledged.add(number)
        self.journal.write(json.dumps({"number": number, "status": status}) + "\n")
        self.journal.flush()

    async def kill_on(self) -> None:
        order = [PARTS[turn % len(PARTS)] for turn in range(self.wanted)]
        self.chance.shuffle(order)
        for part in order:
            await asyncio.sleep(self.chance.uniform(0.4, 2.5))
            while not alive(self.system, part):
                await asyncio.sleep(0.05)
            await asyncio.sleep(self.chance.uniform(0.0, 0.5))
            self.kills[part] += self.system.kill(part) is not None


def alive(system: RunningVoronka, part: str) -> bool:
    pid = system.pid(part)
    return pid is not None and Path(f"/proc/{pid}").exists()


def whose(number: int) -> int:
    """Every twentieth inquiry is of the client of the one before it, and often at the same time."""
    return number - 1 if number % SHARED_PHONE == 0 else number


def body(number: int) -> bytes:
    fields = {"name": f"Клиент {whose(number)}", "phone": phone(whose(number)), "comment": f"Заявка {number}"}
    return json.dumps({**fields, "submission_id": f"lost-{number}", "number": str(number)}).encode()


def wait_until_settled(system: RunningVoronka, *, seconds: float) -> int:
    deadline = time.monotonic() + seconds
    left = -1
    while time.monotonic() < deadline:
        try:
            left = count(system, "SELECT count(*) FROM intake_entry WHERE account = 'waiting'")
        except psycopg.OperationalError:
            left = -1
        if left == 0:
            break
        time.sleep(0.2)
    return left


def judge(result: Result, system: RunningVoronka, story: Story, journal: Path, left: int) -> None:
    acknowledged = {json.loads(line)["number"] for line in journal.read_text().splitlines()}
    with system.connect() as base:
        rows = base.execute(
            "SELECT (convert_from(body, 'UTF8')::jsonb ->> 'number')::int, account, deal_id FROM intake_entry"
            " WHERE duplicate_of_id IS NULL"
        ).fetchall()
    firsts = Counter(number for number, _account, _deal in rows)
    settled = {number for number, account, deal in rows if account in ("deal", "attached") and deal}
    result.note("kills", sum(story.kills.values()), holds=sum(story.kills.values()) == story.wanted)
    for part in PARTS:
        result.note(f"kills_{part}", story.kills[part], holds=story.kills[part] > 0)
    result.note("sent", story.sent)
    result.note("repeated_on_purpose", story.repeats)
    result.note("not_answered_and_sent_again", story.unanswered)
    result.note("acknowledged", len(acknowledged), holds=len(acknowledged) > 0)
    result.note("retries_on_committed_rows", story.hit_committed, holds=story.hit_committed > 0)
    result.note("not_settled", left, holds=left == 0)
    lost = acknowledged - set(firsts)
    result.note("lost_in_ledger", len(lost), holds=not lost)
    without = acknowledged - settled
    result.note("lost_in_effects", len(without), holds=not without)
    twice = sum(times - 1 for times in firsts.values())
    result.note("doubled_in_ledger", twice, holds=twice == 0)
    for what, query in DOUBLES.items():
        doubled = count(system, query)
        result.note(f"doubled_{what}", doubled, holds=doubled == 0)
    clients = count(system, "SELECT count(*) FROM clients_company")
    result.note("clients", clients, holds=clients == len({whose(number) for number in firsts}))
    failed = count(system, "SELECT count(*) FROM intake_entry WHERE account = 'failed'")
    result.note("failed", failed, holds=failed == 0)


#: How many more there are than there may be.
DOUBLES = {
    "clients": "SELECT count(*) - count(DISTINCT value) FROM clients_identity",
    "deals": "SELECT count(*) - count(DISTINCT company_id) FROM deals_deal",
    "tasks": "SELECT count(*) - count(DISTINCT (deal_id, rule)) FROM tasks_task",
    "told": "SELECT count(*) - count(DISTINCT data ->> 'entry') FROM kernel_event WHERE kind LIKE 'inquiry.%'",
}


def count(system: RunningVoronka, query: str) -> int:
    with system.connect() as base:
        row = base.execute(query).fetchone()
    assert row is not None
    return row[0]
