"""Property: of any rows and any filter, the database finds what Python finds; `not` is the exact complement."""

from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voronka.deals.models import Deal
from voronka.deals.tests.ground import DECLARED, NOW, SCOPE, ZONE, ground, write  # noqa: F401
from voronka.kernel.filters import base, dump, holds, parse, phrase, where
from voronka.kernel.filters.ops import OPS

# ---- random rows ------------------------------------------------------------------------------------------------

words = st.sampled_from(["", "а", "Иван", "иванов", "ИВАН ё", "100%", "a_b", "\\", "день рождения", "true", "5"])
moments = st.integers(-60, 60).map(lambda hours: NOW + timedelta(hours=hours * 7, minutes=hours))
days = st.integers(-40, 40).map(lambda shift: date(2026, 11, 22) + timedelta(days=shift))
numbers = st.one_of(st.integers(-5, 20), st.sampled_from([0.5, 2.25, 1e-06, 12.1]))
garbage = st.sampled_from(["", "сколько-то", "2026-13", "7", 7, True, False, [], ["cake"], None, "12:00"])
maybe = st.none()

declared_values = {
    "note": words | maybe,
    "players": numbers | maybe,
    "budget": st.decimals(0, 99999, places=2).map(str) | maybe,
    "game_date": days.map(date.isoformat) | maybe,
    "game_time": st.sampled_from(["00:00", "09:30", "12:00", "23:59"]) | maybe,
    "game_at": moments.map(lambda m: m.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")) | maybe,
    "certificate": st.booleans() | maybe,
    "place": st.sampled_from(["hall", "loft"]) | maybe,
    "extras": st.lists(st.sampled_from(["cake", "host", "photo"]), unique=True, max_size=3) | maybe,
    "animator": st.integers(1, 3) | maybe,
    "remark": words | maybe,
    "partner": st.integers(1, 3) | maybe,
    "contract": st.lists(st.integers(1, 3), unique=True, max_size=2) | maybe,
    "mail": st.sampled_from(["lena@example.com", "LENA@example.com"]) | maybe,
}

rows = st.fixed_dictionaries(
    {
        "title": words,
        "amount": st.decimals(0, 99999, places=2),
        "channel": st.sampled_from(["", "site", "call"]),
        "responsible": st.integers(0, 2),
        "stage": st.integers(0, 2),
        "is_repeat": st.booleans(),
        "next_step_at": moments | maybe,
        "closed_at": moments | maybe,
        "fields": st.fixed_dictionaries({}, optional={k: v | garbage for k, v in declared_values.items()}),
        "company": st.fixed_dictionaries({"name": words, "last_interaction_at": moments | maybe}),
        "tasks": st.lists(
            st.fixed_dictionaries({"title": words, "due_at": moments, "done": st.booleans()}), max_size=2
        ),
    }
)

# ---- random trees -----------------------------------------------------------------------------------------------

points = st.sampled_from(
    [
        "now", "today", "yesterday", "tomorrow", "this-week", "last-week", "next-month", "this-month", "this-year",
        "2026-11-22", "2026-11-21T12:00", "-3d", "+2w", "-5h", "+90m",
    ]
)  # fmt: skip
day_points = points.filter(lambda point: point[-1] not in "mh")
lengths = st.sampled_from(["30m", "5h", "48h", "1d", "3d", "2w"])
ids = st.sampled_from([1, 2, 3, 99])

one_of_kind = {
    "text": words,
    "number": numbers.map(lambda n: round(n, 6)),
    "money": st.decimals(0, 99999, places=2).map(str),
    "time": st.sampled_from(["00:00", "09:30", "18:00"]),
    "yes_no": st.booleans(),
    "choice": st.sampled_from(["hall", "loft", "open", "won", "gone"]),
    "choices": st.sampled_from(["cake", "host", "gone"]),
    "row": ids,
    "client": ids,
    "person": ids | st.sampled_from(["me", "my-team", "my-seat"]),
}

asked = {
    "title": "text", "amount": "money", "channel": "text", "responsible": "person", "stage": "row", "state": "choice",
    "open": "yes_no", "is_repeat": "yes_no", "next_step_at": "datetime", "closed_at": "datetime",
    **{key: kind if kind in OPS else "text" for key, kind in DECLARED.items()}, "client.name": "text", "client.last_interaction_at": "datetime", "tasks.due_at": "datetime",
}  # fmt: skip
asked_of_tasks = {"title": "text", "due_at": "datetime", "open": "yes_no", "done_at": "datetime", "deal.title": "text"}


def conditions(fields):
    return st.sampled_from(sorted(fields)).flatmap(
        lambda key: st.sampled_from(OPS[fields[key]]).flatmap(
            lambda op: values(fields[key], op).map(
                lambda value: [key, op.key] if op.takes == "nothing" else [key, op.key, value]
            )
        )
    )


def values(kind, op):
    one = one_of_kind.get(kind, words)
    point = day_points if kind == "date" else points
    return {
        "nothing": st.none(),
        "one": one,
        "many": st.lists(one, max_size=3),
        "pair": st.lists(one, min_size=2, max_size=2),
        "point": point,
        "points": st.lists(point, min_size=2, max_size=2),
        "length": lengths.filter(lambda text: kind != "date" or text[-1] in "dw"),
    }[op.takes]


def trees(fields, leaves=None):
    leaf = conditions(fields) if leaves is None else conditions(fields) | leaves
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3).map(lambda parts: ["all", *parts]),
            st.lists(inner, max_size=3).map(lambda parts: ["any", *parts]),
            inner.map(lambda part: ["not", part]),
        ),
        max_leaves=6,
    )


related = st.tuples(st.just("tasks"), st.sampled_from(["some", "none"]), trees(asked_of_tasks)).map(list)
filters = trees(asked, related)


@given(
    deals=st.lists(rows, min_size=1, max_size=4),
    wires=st.lists(filters, min_size=1, max_size=12),
)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_sql_and_python_say_the_same(ground, transactional_savepoint, deals, wires):  # noqa: F811
    with transactional_savepoint():
        written = [write(row, ground) for row in deals]
        deals_base = base("deals")
        for wire in wires:
            tree = parse(wire, deals_base)
            found = set(Deal.objects.filter(where(tree, deals_base, SCOPE)).values_list("pk", flat=True))
            expected = {deal.pk for deal in written if holds(tree, deals_base, deal, SCOPE)}
            assert found == expected, wire
            opposite = set(Deal.objects.exclude(where(tree, deals_base, SCOPE)).values_list("pk", flat=True))
            assert found | opposite == {deal.pk for deal in written}
            assert found & opposite == set()


@given(wire=filters)
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
def test_wire_form_survives_an_address(ground, wire):  # noqa: F811
    deals_base = base("deals")
    tree = parse(wire, deals_base)
    assert parse(dump(tree), deals_base) == tree
    assert str(phrase(tree, deals_base, SCOPE))


@pytest.fixture
def transactional_savepoint(db):
    @contextmanager
    def savepoint():
        point = transaction.savepoint()
        try:
            yield
        finally:
            transaction.savepoint_rollback(point)

    return savepoint
