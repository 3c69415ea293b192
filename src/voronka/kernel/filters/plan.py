"""From what a person says to what is checked: «this week», «me», «older than 3 days» become edges and ids."""

from datetime import date, datetime, timedelta

from . import dates, fields, wire
from .checks import AllOf, Check, Either, Every, Filled, Holds, OneOf, Order, Plan, Same, Some, Starts, Without
from .dates import Days, Moment
from .fields import Base, Field, Json, Listed
from .scope import GROUPS, Scope
from .tree import All, Any, Is, Not, Tree

_NEVER = Either()


def plan(tree: Tree, base: Base, scope: Scope) -> Plan:
    """Raises `wire.FilterError` for a field or operator that the base doesn't have."""
    if isinstance(tree, All):
        return Every(plan(part, base, scope) for part in tree.parts)
    if isinstance(tree, Any):
        return Either(plan(part, base, scope) for part in tree.parts)
    if isinstance(tree, Not):
        return Without(plan(tree.part, base, scope))
    return _condition(tree, base, scope)


def is_timeless(checked: Plan) -> bool:
    """Whether the filter comes down to the same checks at any moment: none of its edges is a date."""
    if isinstance(checked, Every | Either):
        return all(is_timeless(part) for part in checked.parts)
    if isinstance(checked, Without):
        return is_timeless(checked.part)
    if isinstance(checked, Some):
        return is_timeless(checked.plan)
    return not (checked.field.kind in ("date", "datetime") and isinstance(checked.test, Order))


def _condition(condition: Is, base: Base, scope: Scope) -> Plan:
    head, _dot, rest = condition.field.partition(".")
    if rest:
        wire.resolve(condition.field, base)
        return _some(base.fields[head], Is(rest, condition.op, condition.value), scope)
    field, _owner = wire.resolve(head, base)
    if condition.op == "filled":
        return Check(field, Filled())
    if condition.op == "empty":
        return Without(Check(field, Filled()))
    if field.kind == "relation":
        found = _some(field, condition.value, scope)  # type: ignore[arg-type]
        return found if condition.op == "some" else Without(found)
    if field.kind in ("date", "datetime"):
        return _dated(field, condition.op, condition.value, scope)
    return _valued(field, condition.op, condition.value, scope)


def _some(field: Field, part: Tree, scope: Scope) -> Some:
    inner = fields.base(field.source.to)  # type: ignore[union-attr]
    return Some(field, inner, plan(part, inner, scope))


def _valued(field: Field, op: str, value: object, scope: Scope) -> Plan:
    if op in ("<", "<=", ">", ">="):
        return Check(field, Order(op, value))
    if op == "between":
        assert isinstance(value, tuple)
        return Every([Check(field, Order(">=", value[0])), Check(field, Order("<=", value[1]))])
    if op in ("!=", "not in", "hasnt"):
        return Without(_valued(field, {"!=": "=", "not in": "in", "hasnt": "has"}[op], value, scope))
    if op == "has":
        return Check(field, Holds(str(value).lower()))
    if op == "starts":
        return Check(field, Starts(str(value).lower()))
    if op == "=" and field.kind == "text":
        return Check(field, Same(str(value).lower()))
    if op == "=" and field.kind == "yes_no":
        yes = Check(field, OneOf((True,)))
        return yes if value else Without(yes)
    values = value if isinstance(value, tuple) else (value,)
    if isinstance(field.source, Listed) and field.source.same and values:
        checks = [Check(field, OneOf(tuple(keys))) for keys in field.source.same(values)]
        return Every(checks) if op == "all" else Either(checks)
    if op == "all":
        return Check(field, AllOf(values))
    if field.kind == "person":
        values = _ids(values, scope)
    return Check(field, OneOf(values)) if values else _NEVER


def _ids(values: tuple, scope: Scope) -> tuple[object, ...]:
    ids = {value for value in values if value not in GROUPS}
    for name in GROUPS:
        if name in values:
            ids |= scope.group(name)
    return tuple(sorted(ids))


def _dated(field: Field, op: str, value: object, scope: Scope) -> Plan:
    if op in ("next", "last", "older"):
        return _near(field, op, str(value), scope)
    if op == "between":
        first, last = (dates.resolve(str(point), scope) for point in value)  # type: ignore[attr-defined]
        return Every([_edge(field, ">=", first, scope), _edge(field, "<=", last, scope)])
    point = dates.resolve(str(value), scope)
    if op == "is":
        return Every([_edge(field, ">=", point, scope), _edge(field, "<=", point, scope)])
    return _edge(field, op, point, scope)


def _edge(field: Field, op: str, point: Days | Moment, scope: Scope) -> Plan:
    """Before or since the start of the days, until or after their end."""
    if isinstance(point, Moment):
        return Check(field, Order(op, _as_kept(field, point.at, scope)))
    sign, day = {"<": ("<", point.first), ">=": (">=", point.first), "<=": ("<", point.end), ">": (">=", point.end)}[op]
    return Check(field, Order(sign, _as_kept(field, day, scope)))


def _near(field: Field, op: str, text: str, scope: Scope) -> Plan:
    """`next 3d`: from now to the end of the third day from today. `last 3d`: since the start of the day three days
    ago, till now. `older 3d`: more than three times 24 hours ago (of dates: before the day three days ago)."""
    number, unit = dates.length(text)
    shift = dates.span(number, unit)
    by_hours = unit in "mh"
    if op == "older":
        edge: date | datetime = scope.now - shift if field.kind == "datetime" else scope.today - shift
        return Check(field, Order("<", _as_kept(field, edge, scope)))
    now: date | datetime = scope.now if field.kind == "datetime" else scope.today
    if op == "last":
        start = scope.now - shift if by_hours else scope.today - shift
        return Every(
            [
                Check(field, Order(">=", _as_kept(field, start, scope))),
                Check(field, Order("<=", _as_kept(field, now, scope))),
            ]
        )
    end = scope.now + shift if by_hours else scope.today + shift + timedelta(days=1)
    return Every(
        [
            Check(field, Order(">=", _as_kept(field, now, scope))),
            Check(field, Order("<", _as_kept(field, end, scope))),
        ]
    )


def _as_kept(field: Field, edge: date | datetime, scope: Scope) -> object:
    """The edge in the form the field keeps: a declared date is «2026-11-28», a declared moment local «…T15:30»."""
    declared = isinstance(field.source, Json)
    if field.kind == "date":
        day = edge.astimezone(scope.zone).date() if isinstance(edge, datetime) else edge
        return day.isoformat() if declared else day
    moment = edge if isinstance(edge, datetime) else dates.start_of(edge, scope)
    if not declared:
        return moment
    local = moment.astimezone(scope.zone).replace(tzinfo=None)
    return local.isoformat(timespec="seconds" if local.second or local.microsecond else "minutes")
