"""Load over HTTP keep-alive: as many connections as asked, each waiting for its answer before it sends again."""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlencode, urlsplit

from benches.harness import percentile

FORM = "application/x-www-form-urlencoded; charset=utf-8"
NAMES = ("Ирина Соколова", "Виктор Ежов", "Анна Крылова", "Пётр Ильин", "Марина Ли")


@dataclass
class Load:
    """What happened: seconds of each acknowledged answer, and how many were not."""

    seconds: list[float] = field(default_factory=list)
    refused: int = 0
    took: float = 0.0
    #: When each delivery was due, by its number, on the clock of `time.perf_counter`.
    sent: dict[int, float] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        return len(self.seconds) / self.took if self.took else 0.0

    def at(self, share: float) -> float:
        return percentile(self.seconds, share)


def delivery(number: int) -> bytes:
    """One Tilda form of a client of its own, about as large as real ones."""
    fields = {
        "Name": NAMES[number % len(NAMES)],
        "Phone": phone(number),
        "Комментарий": "Хотим квест на день рождения, шесть детей по десять лет",
        "tranid": f"4411:{number}",
        "formid": "form754184595",
        "formname": "Подобрать квест",
        "referer": "https://chas-iks.example/podbor?utm_source=yandex&utm_medium=cpc",
        "COOKIES": f"_ym_uid=16990000{number}; TILDAUTM=utm_source%3Dyandex|||utm_campaign%3Dpoisk-brand",
    }
    return urlencode(fields).encode()


def phone(number: int) -> str:
    """A valid mobile number of its own for each."""
    digits = f"9{number % 10**9:09d}"
    return f"+7 ({digits[:3]}) {digits[3:6]}-{digits[6:8]}-{digits[8:]}"


def request(base_url: str, key: str, body: bytes, content_type: str = FORM) -> bytes:
    """The bytes of one POST."""
    host = urlsplit(base_url).netloc
    head = (
        f"POST /in/{key} HTTP/1.1\r\nHost: {host}\r\nContent-Type: {content_type}\r\n"
        f"User-Agent: Tilda\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Connection(asyncio.Protocol):
    """The least that speaks HTTP/1.1: answers here have a length and no chunks."""

    def __init__(self) -> None:
        self.buffer = b""
        self.answer: asyncio.Future[int] | None = None
        self.transport: asyncio.Transport | None = None
        self.lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, blank, body = self.buffer.partition(b"\r\n\r\n")
        if not blank:
            return
        length = next(
            (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")), 0
        )
        if len(body) >= length and self.answer and not self.answer.done():
            self.buffer = b""
            self.answer.set_result(int(head[9:12]))

    def connection_lost(self, error: Exception | None) -> None:
        self.lost = True
        if self.answer and not self.answer.done():
            self.answer.set_exception(ConnectionError("lost"))

    async def ask(self, raw: bytes) -> int:
        """The status of the answer. Raises ConnectionError when it never comes."""
        if self.lost:
            raise ConnectionError("lost")
        assert self.transport is not None
        self.answer = asyncio.get_running_loop().create_future()
        self.transport.write(raw)
        return await self.answer


async def connect(base_url: str) -> Connection:
    """One keep-alive connection."""
    where = urlsplit(base_url)
    assert where.hostname and where.port
    _transport, made = await asyncio.get_running_loop().create_connection(Connection, where.hostname, where.port)
    return made


def run_closed(base_url: str, key: str, *, connections: int, seconds: float, numbers: Iterator[int]) -> Load:
    """As fast as the connections get their answers."""
    return asyncio.run(_closed(base_url, key, connections, lambda load: load < seconds, numbers))


def run_burst(base_url: str, key: str, *, connections: int, total: int, numbers: Iterator[int]) -> Load:
    """This many as fast as possible."""
    left = count()
    return asyncio.run(_closed(base_url, key, connections, lambda _took: next(left) < total, numbers))


async def _closed(
    base_url: str, key: str, connections: int, more: Callable[[float], bool], numbers: Iterator[int]
) -> Load:
    load, began = Load(), time.perf_counter()
    made = [await connect(base_url) for _ in range(connections)]

    async def client(connection: Connection) -> None:
        while more(time.perf_counter() - began):
            raw = request(base_url, key, delivery(next(numbers)))
            sent = time.perf_counter()
            status = await connection.ask(raw)
            _count(load, status, time.perf_counter() - sent)

    await asyncio.gather(*map(client, made))
    load.took = time.perf_counter() - began
    return load


def run_open(base_url: str, key: str, *, rate: float, connections: int, seconds: float, numbers: Iterator[int]) -> Load:
    """At an even rate, whether answers come or not: waiting for a free connection counts as waiting for the answer."""
    return asyncio.run(send_open(base_url, key, rate, connections, seconds, numbers))


async def send_open(
    base_url: str, key: str, rate: float, connections: int, seconds: float, numbers: Iterator[int]
) -> Load:
    load, began = Load(), time.perf_counter()
    due: asyncio.Queue[float | None] = asyncio.Queue()

    async def client(connection: Connection) -> None:
        while (at := await due.get()) is not None:
            number = next(numbers)
            load.sent[number] = at
            status = await connection.ask(request(base_url, key, delivery(number)))
            _count(load, status, time.perf_counter() - at)

    clients = [asyncio.create_task(client(await connect(base_url))) for _ in range(connections)]
    began = time.perf_counter()
    for turn in range(int(rate * seconds)):
        at = began + turn / rate
        if (wait := at - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        due.put_nowait(at)
    for _ in clients:
        due.put_nowait(None)
    await asyncio.gather(*clients)
    load.took = time.perf_counter() - began
    return load


def _count(load: Load, status: int, seconds: float) -> None:
    if 200 <= status < 300:
        load.seconds.append(seconds)
    else:
        load.refused += 1
