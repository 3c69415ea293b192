"""Import: 100,000 contacts from a file into a living company, met by the rule of entry, and taken back whole.

Over HTTP as the page does it; the worker's jobs do the work. A file ten times as long is read besides, for the memory.
"""

import csv
import random
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from benches.bulk import browser
from benches.harness import Result, RunningVoronka
from benches.parts.filled import filled_voronka, sign_in

COMPANY, ROWS = 50_000, 100_000
IN_SECONDS, BACK_SECONDS, MEMORY_MB = 120, 60, 400
DIRECTOR = "ekaterina"
#: Shares of the file: people of the base in another spelling, repeats of earlier rows, rows nobody can read.
KNOWN, AGAIN, BAD = 0.15, 0.04, 0.01
GIVEN = ("Анна", "Пётр", "Мария", "Олег", "Ирина", "Сергей", "Елена", "Дмитрий", "Юлия", "Илья", "Вера", "Роман")
SURNAMES = ("Соколов", "Гущин", "Лосев", "Тен", "Крылов", "Юдин", "Кольцов", "Ким", "Лебедев", "Орлов", "Зайцев")


def main(*, quick: bool = False) -> Result:
    result, rows = Result("import"), 5_000 if quick else ROWS
    with filled_voronka(10_000 if quick else COMPANY) as system:
        [director] = sign_in(system, DIRECTOR)
        with browser(system, director) as client, tempfile.TemporaryDirectory() as folder:
            bring_and_take_back(result, system, client, Path(folder), rows)
            long_file(result, system, client, Path(folder), rows * 10)
    return result


def bring_and_take_back(result: Result, system: RunningVoronka, client: httpx.Client, folder: Path, rows: int) -> None:
    file, expected = folder / "clients.csv", write_file(folder / "clients.csv", system, rows)
    before = counts(system)
    with Memory(system) as memory:
        began = time.perf_counter()
        pk = upload(client, file)
        wait_for(system, pk, "ready")
        result.note("looked_at_s", time.perf_counter() - began)
        shown = tally(system, pk)
        began = time.perf_counter()
        act(client, pk, "run")
        wait_for(system, pk, "done")
        took = time.perf_counter() - began
    allowed = max(rows / ROWS, 0.1)
    result.note("rows", rows)
    result.note("brought_in_s", took, holds=took <= IN_SECONDS * allowed)
    done = tally(system, pk)
    for state, count in done.items():
        result.note(state, count, holds=count == expected[state])
    result.note("shown_is_done", shown == done, holds=shown == done)
    began = time.perf_counter()
    act(client, pk, "undo")
    wait_for(system, pk, "undone")
    took = time.perf_counter() - began
    result.note("taken_back_s", took, holds=took <= BACK_SECONDS * allowed)
    result.note("as_before", counts(system) == before, holds=counts(system) == before)
    result.note("worker_peak_mb", memory.peak, holds=memory.peak <= MEMORY_MB)


def long_file(result: Result, system: RunningVoronka, client: httpx.Client, folder: Path, rows: int) -> None:
    """Read and looked at, not brought in."""
    file = folder / "long.csv"
    write_file(file, system, rows)
    with Memory(system) as memory:
        began = time.perf_counter()
        pk = upload(client, file)
        wait_for(system, pk, "ready")
    result.note("long_rows", rows)
    result.note("long_looked_at_s", time.perf_counter() - began)
    result.note("long_worker_peak_mb", memory.peak, holds=memory.peak <= MEMORY_MB)
    client.delete(f"/imports/{pk}")


def write_file(file: Path, system: RunningVoronka, rows: int) -> dict[str, int]:
    """In a Russian table program's spelling; answers how many rows are to be made, updated, …"""
    chance, known = random.Random(7), known_people(system, int(rows * KNOWN))
    made: list[tuple[str, str]] = []
    expected = {"made": 0, "refused": 0, "skipped": 0, "updated": 0}
    with file.open("w", encoding="cp1251", newline="") as out:
        writer = csv.writer(out, delimiter=";")
        writer.writerow(["ФИО", "Телефон", "E-mail", "Комментарий"])
        for number in range(rows):
            luck = chance.random()
            if luck < KNOWN and known:
                name, phone = known.pop()
                spelt = f"8 ({phone[2:5]}) {phone[5:8]}-{phone[8:10]}-{phone[10:]}"
                writer.writerow([name, spelt, f"i{number}@new.example", ""])
                expected["updated"] += 1
            elif luck < KNOWN + AGAIN and made:
                writer.writerow([*chance.choice(made), "", ""])
                expected["skipped"] += 1
            elif luck < KNOWN + AGAIN + BAD:
                writer.writerow([f"{chance.choice(GIVEN)}", "921 447", "", ""])
                expected["refused"] += 1
            else:
                surname, given = chance.choice(SURNAMES), chance.choice(GIVEN)
                made.append((f"{surname} {given}", f"8958{number:07}"))
                writer.writerow([*made[-1], f"n{number}@mail.example" if luck < 0.6 else "", ""])
                expected["made"] += 1
    return {state: count for state, count in expected.items() if count}


def known_people(system: RunningVoronka, count: int) -> list[tuple[str, str]]:
    """(name, phone) of those whose phone is theirs alone."""
    with system.connect(owner=True) as base:
        return base.execute(
            "SELECT min(t.name), i.value FROM clients_contact t JOIN clients_identity i ON i.contact_id = t.id"
            " WHERE i.kind = 'phone' AND i.value LIKE '+79%%' GROUP BY i.value HAVING count(*) = 1"
            " ORDER BY i.value LIMIT %s",
            [count],
        ).fetchall()


def upload(client: httpx.Client, file: Path) -> int:
    with file.open("rb") as content:
        answer = client.post("/imports", files={"file": (file.name, content, "text/csv")}, timeout=300)
    if answer.status_code != 302:
        raise RuntimeError(f"{answer.status_code}: {answer.text[:2000]}")
    return int(answer.headers["location"].rsplit("/", 1)[1])


def act(client: httpx.Client, pk: int, to: str) -> None:
    answer = client.post(f"/imports/{pk}/state", data={"to": to})
    if answer.status_code != 302:
        raise RuntimeError(f"{to}: {answer.status_code}: {answer.text[:2000]}")


def wait_for(system: RunningVoronka, pk: int, state: str) -> None:
    deadline = time.monotonic() + 600
    with system.connect(owner=True) as base:
        while True:
            asked = base.execute("SELECT state, error FROM imports_import WHERE id = %s", [pk]).fetchone()
            now, error = asked or ("", "")
            if now == state:
                return
            if error or time.monotonic() > deadline:
                raise RuntimeError(f"import {pk} is {now}, not {state}: {error}")
            time.sleep(0.2)


def tally(system: RunningVoronka, pk: int) -> dict[str, int]:
    with system.connect(owner=True) as base:
        query = "SELECT state, count(*)::int FROM imports_row WHERE owner_id = %s GROUP BY state ORDER BY state"
        return dict(base.execute(query, [pk]).fetchall())


def counts(system: RunningVoronka) -> list[Any]:
    """How many rows the tables have that an import writes, and a sum of what stands in them."""
    tables = ("clients_company", "clients_contact", "clients_identity", "clients_note", "deals_deal", "imports_link")
    with system.connect(owner=True) as base:
        query = "SELECT count(*), sum(hashtextextended(t::text, 0)) FROM {} t"
        return [base.execute(query.format(table)).fetchone() for table in tables]


class Memory:
    """The highest the worker has been, in MB."""

    def __init__(self, system: RunningVoronka) -> None:
        self.pid, self.peak = system.pid("worker"), 0.0

    def __enter__(self) -> "Memory":
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")
        return self

    def __exit__(self, *_: object) -> None:
        status = Path(f"/proc/{self.pid}/status").read_text()
        kilobytes = next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]
        self.peak = int(kilobytes) / 1024
