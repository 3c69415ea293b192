"""Who writes, found among a million contacts: as an inquiry comes in, and as a manager types."""

import random
import time
from collections.abc import Callable, Iterable
from urllib.parse import urlencode

import httpx

from benches.harness import Result, RunningVoronka, percentile
from benches.parts.filled import HEAD, MANAGER, filled_voronka, sign_in

MANY, FEW = 1_000_000, 10_000
TARGET_MS = 50
SPELLINGS = ("8 ({}{}{}) {}{}{}-{}{}-{}{}", "+7 {}{}{} {}{}{} {}{} {}{}", "8{}{}{}{}{}{}{}{}{}{}")


def main(*, quick: bool = False) -> Result:
    result = Result("match")
    with filled_voronka(FEW if quick else MANY) as system:
        viewers = sign_in(system, HEAD, MANAGER)
        people = known_people(system, 40 if quick else 200)
        on_entry(result, people)
        for viewer in viewers:
            headers = {"cookie": viewer.cookie}
            with httpx.Client(base_url=system.base_url, headers=headers, timeout=60, trust_env=False) as client:
                typing(result, client, viewer.login, people)
    return result


def known_people(system: RunningVoronka, count: int) -> list[tuple[int, str, str]]:
    """(id, name, phone) of contacts from all over the base."""
    with system.connect(owner=True) as base:
        return base.execute(
            "SELECT t.id, t.name, i.value FROM clients_contact t JOIN clients_identity i ON i.contact_id = t.id "
            "WHERE i.kind = 'phone' AND i.value LIKE '+79%' AND t.id % 997 = 1 "
            f"ORDER BY (t.id * 7919) % 100003 LIMIT {count}"
        ).fetchall()


def on_entry(result: Result, people: list[tuple[int, str, str]]) -> None:
    """What the intake does with a form's phone and name; half of them are of nobody."""
    from voronka.clients.queries import identify
    from voronka.kernel import phone

    chance, found = random.Random(5), 0
    took = []
    for known, name, number in people:
        typed = chance.choice(SPELLINGS).format(*number[2:])
        for text in (typed, f"+7900{chance.randrange(10**7):07}"):
            began = time.perf_counter()
            contact = identify([("phone", one) for one in phone.find(text)], name=name)
            took.append((time.perf_counter() - began) * 1000)
            found += contact is not None and contact.pk == known
    share = found / max(len(people), 1)
    result.note("entry_p50_ms", percentile(took, 0.5))
    result.note("entry_p95_ms", percentile(took, 0.95), holds=percentile(took, 0.95) <= TARGET_MS)
    result.note("entry_found", share, holds=share >= 0.95)


def typing(result: Result, client: httpx.Client, login: str, people: Iterable[tuple[int, str, str]]) -> None:
    ways: dict[str, Callable[[str, str], dict[str, str]]] = {
        "phone": lambda name, number: {"phone": number},
        "name": lambda name, number: {"name": name},
        "both": lambda name, number: {"name": name, "phone": number},
    }
    for _warm in range(5):
        client.get("/clients/same?name=Иванова+Анна").raise_for_status()
    for way, fields in ways.items():
        took = []
        for _known, name, number in people:
            began = time.perf_counter()
            client.get(f"/clients/same?{urlencode(fields(name, number))}").raise_for_status()
            took.append((time.perf_counter() - began) * 1000)
        p95 = percentile(took, 0.95)
        result.note(f"{login}_{way}_p50_ms", percentile(took, 0.5))
        result.note(f"{login}_{way}_p95_ms", p95, holds=p95 <= TARGET_MS)
