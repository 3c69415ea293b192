"""Icons of the pages of the process. Every string here with a Tabler icon's name goes into the sprite."""

from voronka.process.schema import Rule
from voronka.process.triggers import TimedTrigger

#: Kind of a trigger → icon; timed ones have a clock, the rest a bolt.
TRIGGERS = {
    "deal_entered_stage": "login-2",
    "deal_left_stage": "logout-2",
    "field_changed": "forms",
    "button": "click",
    "task_done": "checkbox",
    "task_overdue": "alarm",
    "message_in": "message",
    "message_out": "send",
    "call_missed": "phone-x",
    "deal_won": "circle-check",
    "deal_lost": "circle-x",
    "survey_answered": "star",
}
TIMED, OTHER = "clock", "bolt"

#: What a guard is about.
FIELDS, LOCK, LOSS = "forms", "lock", "circle-x"

#: What became of a thing in a draft.
CHANGES = {"added": "plus", "removed": "minus", "moved": "arrows-sort", "changed": "pencil"}

#: Why deals are stuck.
STUCK = {"late": "clock-exclamation", "stepless": "hourglass-empty", "overdue": "alarm", "approval": "lock"}

#: Up and down a list.
ORDER = ("arrow-up", "arrow-down")


def of_rule(rule: Rule) -> str:
    if rule.when.event in TRIGGERS:
        return TRIGGERS[rule.when.event]
    return TIMED if isinstance(rule.when, TimedTrigger) else OTHER
