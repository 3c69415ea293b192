"""The reminder that comes with a new stage: a rule that makes a task when a deal stays there too long."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from voronka.deals.field_keys import key_for
from voronka.process.schema import Process

from .inputs import Input, Maker, units

PREFIX = "remind"


def inputs(maker: Maker, asked: QueryDict) -> list[Input]:
    """Left empty there is no reminder."""
    del maker
    number, unit = asked.get(f"{PREFIX}.after.n", ""), asked.get(f"{PREFIX}.after.unit", "day")
    return [
        Input(
            name=f"{PREFIX}.after",
            label=_("Remind whoever leads the deal after"),
            kind="duration",
            value=(number, unit),
            options=units(),
        ),
        Input(
            name=f"{PREFIX}.title",
            label=_("Task of the reminder"),
            kind="text",
            value=asked.get(f"{PREFIX}.title", _("Find out what holds it up: {client}")),
        ),
    ]


def read(asked: QueryDict, ref: str, process: Process) -> Mapping[str, Any] | None:
    """The rule of the reminder; None when nobody asked for one."""
    number, unit = asked.get(f"{PREFIX}.after.n", "").strip(), asked.get(f"{PREFIX}.after.unit", "day")
    if not number or not process.task_kinds:
        return None
    title = _("Reminder: {stage}").format(stage=asked.get("title", ""))
    kinds = [kind.key for kind in process.task_kinds]
    return {
        "key": key_for(title, {rule.key for rule in process.rules}, otherwise="rule"),
        "title": title,
        "when": {
            "event": "stage_time",
            "stages": [ref],
            "after": f"{number} {unit if number == '1' else unit + 's'}",
        },
        "then": [
            {
                "do": "create_task",
                "kind": next((key for key in ("check", "call") if key in kinds), kinds[0]),
                "title": asked.get(f"{PREFIX}.title", "").strip() or title,
                "due": "1 day",
                "for": "responsible",
            }
        ],
    }
