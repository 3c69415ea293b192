"""A company whose process has so many rules, its deals, and a worker that rests while we measure."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from benches.harness import START_SECONDS, RunningVoronka, wait_until

#: Rules as a company has them beside those of the stage in question: other stages, fields, tasks, timers, calls.
_OTHERS = (
    "{event: deal_entered_stage, stages: [repeat/taken]}",
    "{event: deal_entered_stage, stages: [repeat/booked, repeat/call1]}",
    "{event: field_changed, fields: [players]}",
    "{event: stage_time, stages: [repeat/picked], after: 2 days}",
    "{event: task_done, kinds: [mail]}",
    "{event: deal_lost, funnels: [partners]}",
    "{event: date_field, at: 1 day before game_date at 12:00, funnels: [quality]}",
    "{event: no_tasks, funnels: [partners]}",
    "{event: call_missed}",
    "{event: deal_won, funnels: [quality]}",
)
_RULE = """\
  - key: other-{number}
    title: Ещё правило {number}
    when: {when}
{condition}    then:
      - {{do: create_task, kind: check, title: "Проверить {{client}}", due: 4 hours, for: responsible}}
"""
_CONDITION = '    if: [all, [players, ">=", 10], [brand, in, [chas-iks]]]\n'


@contextmanager
def asleep(system: RunningVoronka) -> Iterator[None]:
    """The worker rests: nothing but what we do is to be measured."""
    wait_until(lambda: system.pid("worker") is not None, START_SECONDS, lambda: system.log("worker"))
    worker = system.pid("worker")
    assert worker
    os.kill(worker, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(worker, signal.SIGCONT)


def process_of(count: int, extra: str = "") -> str:
    """The quests process with so many rules: its first ones, or `extra` alone, then others. One in three of those has a
    condition."""
    from ruamel.yaml import YAML

    from voronka.presets import catalogue
    from voronka.process import document
    from voronka.process.schema import Rule

    process = document.load(catalogue.text("quests"))
    kept = [] if extra else process.rules[:count]
    added = extra
    for number in range(count - len(kept)):
        condition = _CONDITION if number % 3 == 0 else ""
        added += _RULE.format(number=number, when=_OTHERS[number % len(_OTHERS)], condition=condition)
    rules = [Rule.model_validate(one) for one in YAML(typ="safe").load(added) or ()]
    return document.write(process.model_copy(update={"rules": [*kept, *rules]}))
