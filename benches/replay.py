"""The check on history: a year of a company of 100,000 deals against a draft, by the job that the page begins.

The draft adds a rule with a condition, so that every deal is followed twice: by the process in force and by the draft.
"""

import re
import time

import httpx

from benches.bulk import browser
from benches.harness import Result, RunningVoronka
from benches.parts.filled import HEAD, Viewer, filled_voronka, sign_in

DEALS, DAYS, SECONDS = 100_000, 365, 60
RULE = {
    "title": "Сутки без шага",
    "when.event": "stage_time",
    "when.stages": ['"first/taken"', '"first/picked"'],
    "when.after.n": "20",
    "when.after.unit": "hour",
    "when.until": '"left"',
    "if.count": "1",
    "if.0.field": "players",
    "if.0.op": ">=",
    "if.0.value": "6",
    "steps": "1",
    "then.0.do": "create_task",
    "then.0.kind": '"check"',
    "then.0.title": "Проверить",
    "then.0.due.n": "2",
    "then.0.due.unit": "hour",
    "then.0.for": '"responsible"',
}


def main(*, quick: bool = False) -> Result:
    result = Result("replay")
    with filled_voronka(10_000 if quick else DEALS) as system:
        [head] = sign_in(system, HEAD)
        with browser(system, head) as client:
            replay(result, system, client, head, SECONDS / 10 if quick else SECONDS)
    return result


def replay(result: Result, system: RunningVoronka, client: httpx.Client, head: Viewer, allowed: float) -> None:
    with system.connect(owner=True) as base:
        base.execute("UPDATE staff_role SET may = array_append(may, 'manage_process') WHERE key = 'head'")
    client.post("/process/draft/removal")
    answer = client.post("/process/rules/new", data=RULE)
    if answer.status_code != 302:
        raise RuntimeError(f"{answer.status_code}: {answer.text[:2000]}")
    began = time.perf_counter()
    address = client.post("/process/trials", data={"days": DAYS}).headers["location"]
    while not (page := client.get(address).text).count("v-cmp"):
        if time.perf_counter() - began > 600:
            raise TimeoutError("the check does not end")
        time.sleep(0.2)
    took = time.perf_counter() - began
    deals = int(re.sub(r"\D", "", re.search(r"Прогнали по ([\d\s\u00a0\u202f]+) сдел", page)[1]))  # type: ignore[index]
    result.note("deals", deals)
    result.note("took_s", took, holds=took <= allowed)
    result.note("deals_a_second", deals / took)
    with system.connect(owner=True) as base:
        figures = base.execute("SELECT sum(before), sum(after) FROM process_trialfigure").fetchone()
        tasks = base.execute("SELECT count(*) FROM tasks_task WHERE title = 'Проверить'").fetchone()
    result.note("effects_before", int(figures[0]))  # type: ignore[index]
    result.note("effects_after", int(figures[1]))  # type: ignore[index]
    result.note("tasks_really_made", tasks[0], holds=tasks[0] == 0)  # type: ignore[index]
    client.post("/process/draft/removal")
