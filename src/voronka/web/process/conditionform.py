"""`if` of a rule as rows of a form: each row one condition, joined to the one before by «and» or «or»."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from voronka.kernel.filters import Base, FilterError, Is, lists, parse, phrase
from voronka.process import conditions, screen_fields
from voronka.process.schema import Process
from voronka.process.triggers import CLIENT, DEAL
from voronka.web.list.builder import Draft, as_form, condition_from, draft_of, is_simple


@dataclass(frozen=True, kw_only=True)
class Row:
    """`joint`: how it joins the row before. A condition that no form shows is `raw` JSON, told by `words`."""

    joint: str
    draft: Draft | None = None
    raw: str = ""
    words: str = ""
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """`wire` is the condition as the document writes it; `broken` while a row is not finished."""

    rows: Sequence[Row]
    wire: list | None
    broken: bool = False


def of_wire(wire: list | None, process: Process, subject: str = DEAL) -> Conditions:
    """The rows of a condition that stands in the document."""
    base = _base(process, subject)
    rows = [_row(joint, part, base) for joint, part in _parts(wire)]
    return Conditions(rows=rows, wire=wire)


def read(asked: QueryDict, process: Process, *, act: str = "", subject: str = DEAL) -> Conditions:
    """The rows as they are typed; `act` adds or takes away one: «add-and», «add-or», «drop-2»."""
    base = _base(process, subject)
    count = asked.get("if.count", "0")
    numbers = [n for n in range(int(count) if count.isdecimal() and len(count) < 3 else 0) if act != f"drop-{n}"]
    rows: list[Row] = []
    groups: list[list] = []
    broken = False
    for number in numbers:
        row, part = _typed(asked, number, base)
        rows.append(row)
        broken = broken or bool(row.error)
        if part is not None:
            if row.joint == "or" and groups:
                groups[-1].append(part)
            else:
                groups.append([part])
    if act in ("add-and", "add-or"):
        joint = act.removeprefix("add-") if rows else "and"
        rows.append(Row(joint=joint, draft=draft_of(base, QueryDict())))
        broken = True
    return Conditions(rows=rows, wire=_joined(groups), broken=broken)


def _base(process: Process, subject: str) -> Base:
    """What the rule is about: a client, or a deal as documents speak of it."""
    with screen_fields.known():
        return conditions.base_of(process, subject) if subject == CLIENT else conditions.written_base(process)


def _typed(asked: QueryDict, number: int, base: Base) -> tuple[Row, Any]:
    prefix = f"if.{number}."
    joint = "or" if asked.get(f"{prefix}joint") == "or" and number else "and"
    if raw := asked.get(f"{prefix}raw", ""):
        try:
            part = json.loads(raw)
            words = str(phrase(parse(part, base), base, conditions.scope()))
        except (ValueError, FilterError):
            return Row(joint=joint, raw=raw, words=raw, error=_("This condition can't be read.")), None
        return Row(joint=joint, raw=raw, words=words), part
    own = QueryDict(mutable=True)
    for name in asked:
        if name.startswith(prefix):
            own.setlist(name.removeprefix(prefix), asked.getlist(name))
    try:
        part = lists(condition_from(base, own))
    except FilterError as wrong:
        error = next(iter(wrong.errors.values()))
        return Row(joint=joint, draft=draft_of(base, own), error=error), None
    return Row(joint=joint, draft=draft_of(base, own)), part


def _parts(wire: list | None) -> list[tuple[str, list]]:
    """Conditions side by side, each with its joint."""
    if not wire:
        return []
    parts = wire[1:] if wire[0] == "all" else [wire]
    found = []
    for part in parts:
        inner = part[1:] if part and part[0] == "any" else [part]
        found += [("or" if place else "and", one) for place, one in enumerate(inner)]
    return found


def _row(joint: str, part: list, base: Base) -> Row:
    tree = parse(part, base)
    if isinstance(tree, Is) and is_simple(tree, base):
        return Row(joint=joint, draft=draft_of(base, as_form(tree, base)))
    return Row(joint=joint, raw=json.dumps(part, ensure_ascii=False), words=str(phrase(tree, base, conditions.scope())))


def _joined(groups: list[list]) -> list | None:
    parts = [group[0] if len(group) == 1 else ["any", *group] for group in groups]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else ["all", *parts]
