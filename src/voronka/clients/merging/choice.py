"""Which values a merged row has: where one side says nothing, the other's; else the fuller; else the survivor's.

Lists of marks are united and comments both kept. A person's own choice goes before all of it.
"""

from collections.abc import Callable, Mapping
from typing import Any

Row = Mapping[str, Any]

UNITED, EARLIER, LATER, BOTH, FULLER, EITHER = "united", "earlier", "later", "both", "fuller", "either"
COMPANY = {
    "name": FULLER, "comment": BOTH, "responsible_id": FULLER, "home": UNITED, "tags": UNITED,
    "segments": UNITED, "audience": UNITED, "created_at": EARLIER, "last_interaction_at": LATER,
}  # fmt: skip
CONTACT = {
    "name": FULLER, "position": FULLER, "birthday": FULLER, "fields": UNITED, "created_at": EARLIER,
}  # fmt: skip
#: A deal stays where the survivor is; what its funnel has not asked yet the other one may know.
DEAL = {
    "title": EITHER, "contact_id": EITHER, "amount": EITHER, "responsible_id": EITHER, "seat_id": EITHER,
    "brand_id": EITHER, "location_id": EITHER, "source_id": EITHER, "channel": EITHER, "fields": UNITED,
    "tags": UNITED, "is_unread": EITHER, "created_at": EARLIER, "taken_at": EARLIER,
}  # fmt: skip
#: Of these the survivor keeps its own.
COMPANY_OWN = ("id", "kind")
CONTACT_OWN = ("id", "company_id", "is_child")
#: … or they follow from others: from the tasks, the watchers, the touches.
DEAL_OWN = (
    "id", "audience", "funnel_id", "stage_id", "company_id", "is_repeat", "stage_entered_at", "answer_due_at",
    "closed_at", "loss_reason_id", "loss_comment", "next_step_at", "version", "watchers", "utm", "first_touch",
    "last_touch",
)  # fmt: skip


def chosen(rules: Mapping[str, str], survivor: Row, other: Row, own: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of the survivor that get another value. `own`: values that a person chose."""
    values = {column: _RULES[rule](survivor[column], other[column]) for column, rule in rules.items()} | dict(own)
    return {column: value for column, value in values.items() if value != survivor[column]}


def parted(changed: Mapping[str, list[Any]], now: Row) -> dict[str, Any]:
    """Values of the survivor without the merge that changed columns so: {column: [before, after]}. What somebody has
    written since stays; of lists and fields only what was written since."""
    values: dict[str, Any] = {}
    for column, (before, after) in changed.items():
        if isinstance(after, list):
            since, gone = [one for one in now[column] if one not in after], {*after} - {*now[column]}
            values[column] = [one for one in before if one not in gone] + since
        elif isinstance(after, dict):
            stays = {key: value for key, value in before.items() if key in now[column] or key not in after}
            since_then = {key: value for key, value in now[column].items() if key not in after or after[key] != value}
            values[column] = stays | since_then
        elif now[column] == after:
            values[column] = before
    return values


def kept(rules: Mapping[str, str], changed: Mapping[str, list[Any]], now: Row) -> dict[str, Any]:
    """What the rules have not said of the survivor's values: its own from the start, or written since. Parts of lists
    and fields are told by `parted`."""
    return {
        column: now[column]
        for column in rules
        if not isinstance(now[column], list | dict) and (column not in changed or now[column] != changed[column][1])
    }


def _united(mine: Any, theirs: Any) -> Any:
    return {**theirs, **mine} if isinstance(mine, dict) else list(dict.fromkeys([*mine, *theirs]))


def _both(mine: str, theirs: str) -> str:
    return mine if theirs in mine else theirs if mine in theirs else f"{mine}\n{theirs}"


def _fuller(mine: Any, theirs: Any) -> Any:
    if not mine or not theirs:
        return mine or theirs
    return theirs if isinstance(mine, str) and _words(theirs) > _words(mine) else mine


def _earlier(mine: Any, theirs: Any) -> Any:
    return min(filter(None, (mine, theirs)), default=None)


def _words(text: str) -> int:
    """Words of a name; digits, a phone in its place, are none, and an initial is half of one."""
    return sum(2 if len(word.strip(".")) > 1 else 1 for word in text.split() if not any(map(str.isdigit, word)))


_RULES: Mapping[str, Callable[[Any, Any], Any]] = {
    UNITED: _united,
    BOTH: _both,
    FULLER: _fuller,
    EARLIER: _earlier,
    EITHER: lambda mine, theirs: mine or theirs,
    LATER: lambda mine, theirs: max(filter(None, (mine, theirs)), default=None),
}
