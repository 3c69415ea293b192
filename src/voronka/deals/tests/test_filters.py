"""The one filter language over deals: SQL and Python agree, damaged filters are refused, nothing leaks."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voronka.clients.actions import register_client
from voronka.clients.models import Company
from voronka.deals.filters import VIEWS
from voronka.deals.models import Deal, FieldDef, Funnel, Stage
from voronka.kernel import actor, clock
from voronka.kernel.filters import (
    EVERYTHING,
    All,
    Any,
    FilterError,
    Is,
    Not,
    Scope,
    base,
    both,
    dump,
    holds,
    parse,
    phrase,
    view_of,
    where,
)  # fmt: skip
from voronka.kernel.filters.ops import OPS
from voronka.staff.filters import scope_of, system_scope
from voronka.staff.models import Person, Role, Seat
from voronka.tasks.models import Task, TaskKind

ZONE = ZoneInfo("Asia/Yekaterinburg")
NOW = datetime(2026, 11, 21, 20, 30, tzinfo=UTC)  # already the 22nd in Yekaterinburg
SCOPE = Scope(now=NOW, zone=ZONE, people={"me": lambda: frozenset({1}), "my-team": lambda: frozenset({1, 2})})

DECLARED = {
    "note": "text", "players": "number", "budget": "money", "game_date": "date", "game_time": "time",
    "game_at": "datetime", "certificate": "yes_no", "place": "choice", "extras": "choices", "animator": "person",
}  # fmt: skip

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
    "person": ids | st.sampled_from(["me", "my-team", "my-seat"]),
}

asked = {
    "title": "text", "amount": "money", "channel": "text", "responsible": "person", "stage": "row", "state": "choice",
    "open": "yes_no", "is_repeat": "yes_no", "next_step_at": "datetime", "closed_at": "datetime",
    **DECLARED, "client.name": "text", "client.last_interaction_at": "datetime", "tasks.due_at": "datetime",
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


@pytest.fixture
def ground(cast):
    """A funnel of three stages, three people with ids 1…3 to name, every kind of declared field."""
    Person.objects.filter(pk__in=[1, 2, 3]).delete()
    role, seat = Role.objects.first(), Seat.objects.first()
    for pk in (1, 2, 3):
        Person.objects.create(pk=pk, email=f"p{pk}@x.example", name=f"P{pk}", role=role, seat=seat, created_at=NOW)
    funnel = Funnel.objects.create(key="f", title="F")
    meanings = ["unsorted", "open", "won"]
    stages = [
        Stage.objects.create(funnel=funnel, key=meaning, title=meaning, meaning=meaning, position=place, pk=place + 1)
        for place, meaning in enumerate(meanings)
    ]
    for key, kind in DECLARED.items():
        FieldDef.objects.create(
            key=key, title=key, type=kind, options=[["hall", "Зал"], ["loft", "Лофт"], ["cake", "Торт"]]
        )
    kind = TaskKind.objects.create(key="call", title="Позвонить")
    return funnel, stages, kind


def write(row, ground) -> Deal:
    funnel, stages, kind = ground
    company = Company.objects.create(created_at=NOW, **row["company"])
    deal = Deal.objects.create(
        funnel=funnel,
        stage=stages[row["stage"]],
        company=company,
        responsible_id=row["responsible"] or None,
        created_at=NOW,
        stage_entered_at=NOW,
        **{key: row[key] for key in ("title", "amount", "channel", "is_repeat", "next_step_at", "closed_at", "fields")},
    )
    for task in row["tasks"]:
        done = NOW if task["done"] else None
        Task.objects.create(
            kind=kind, deal=deal, title=task["title"], due_at=task["due_at"], created_at=NOW, done_at=done
        )
    return Deal.objects.select_related("stage", "company").get(pk=deal.pk)


@given(
    deals=st.lists(rows, min_size=1, max_size=4),
    wires=st.lists(filters, min_size=1, max_size=12),
)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_sql_and_python_say_the_same(ground, transactional_savepoint, deals, wires):
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
def test_wire_form_survives_an_address(ground, wire):
    deals_base = base("deals")
    tree = parse(wire, deals_base)
    assert parse(dump(tree), deals_base) == tree
    assert str(phrase(tree, deals_base, SCOPE))


@pytest.fixture
def transactional_savepoint(db):
    from contextlib import contextmanager

    from django.db import transaction

    @contextmanager
    def savepoint():
        point = transaction.savepoint()
        try:
            yield
        finally:
            transaction.savepoint_rollback(point)

    return savepoint


# ---- meaning ----------------------------------------------------------------------------------------------------


def ids_of(wire, scope=SCOPE):
    deals_base = base("deals")
    return set(Deal.objects.filter(where(parse(wire, deals_base), deals_base, scope)).values_list("pk", flat=True))


@pytest.fixture
def deal(ground):
    def make(**more):
        row = {
            "title": "", "amount": Decimal(0), "channel": "", "responsible": 0, "stage": 1, "is_repeat": False,
            "next_step_at": None, "closed_at": None, "fields": {}, "company": {"name": "Иван"}, "tasks": [],
        }  # fmt: skip
        return write({**row, **more}, ground)

    return make


def test_a_day_is_a_day_of_the_company(deal):
    """20:30 UTC of the 21st is already the 22nd in Yekaterinburg."""
    evening = deal(next_step_at=datetime(2026, 11, 21, 18, 59, tzinfo=UTC))
    night = deal(next_step_at=datetime(2026, 11, 21, 19, 0, tzinfo=UTC))
    assert ids_of(["next_step_at", "is", "today"]) == {night.pk}
    assert ids_of(["next_step_at", "is", "yesterday"]) == {evening.pk}
    assert ids_of(["next_step_at", "<=", "2026-11-21"]) == {evening.pk}
    assert ids_of(["next_step_at", ">", "2026-11-21"]) == {night.pk}


def test_the_next_forty_days_end_with_the_fortieth(deal):
    last = deal(fields={"game_date": "2027-01-01"})
    deal(fields={"game_date": "2027-01-02"})
    deal(fields={"game_date": "2026-11-21"})
    assert ids_of(["game_date", "next", "40d"]) == {last.pk}
    assert str(phrase(parse(["game_date", "next", "40d"], base("deals")), base("deals"), SCOPE)).endswith("40 дней")


def test_except_includes_what_is_not_filled(deal):
    empty, hall, loft = deal(), deal(fields={"place": "hall"}), deal(fields={"place": "loft"})
    assert ids_of(["place", "!=", "hall"]) == {empty.pk, loft.pk}
    assert ids_of(["place", "not in", ["hall", "loft"]]) == {empty.pk}
    assert ids_of(["place", "empty"]) == {empty.pk}
    assert ids_of(["not", ["place", "in", ["loft"]]]) == {empty.pk, hall.pk}


def test_a_value_of_another_type_is_nobodys_error(deal):
    """The type of a declared field was changed: old values stay and simply don't count as the new type."""
    deal(fields={"players": "много", "game_date": "скоро", "budget": "по договорённости"})
    good = deal(fields={"players": 8})
    assert ids_of(["players", ">", 0]) == {good.pk}
    assert ids_of(["game_date", "<", "2030-01-01"]) == set()
    assert ids_of(["budget", ">=", 0]) == set()


def test_me_and_my_team_are_asked_of_the_scope(deal):
    mine, team, other = deal(responsible=1), deal(responsible=2), deal()
    assert ids_of(["responsible", "in", ["me"]]) == {mine.pk}
    assert ids_of(["responsible", "in", ["my-team"]]) == {mine.pk, team.pk}
    assert ids_of(["responsible", "not in", ["my-team"]]) == {other.pk}
    assert ids_of(["responsible", "in", ["on-shift"]]) == set()


def test_a_client_without_open_tasks(deal):
    busy = deal(tasks=[{"title": "т", "due_at": NOW, "done": False}])
    done = deal(tasks=[{"title": "т", "due_at": NOW, "done": True}])
    free = deal()
    assert ids_of(["tasks", "some", ["open", "=", True]]) == {busy.pk}
    assert ids_of(["tasks", "none", ["open", "=", True]]) == {done.pk, free.pk}


# ---- the gate ---------------------------------------------------------------------------------------------------


def test_a_filter_never_tells_what_a_list_would_not(inquiry, cast):
    """Whether the client has a rich deal of somebody else can't be asked through a relation."""
    by = actor.system("test")
    mine = inquiry(responsible=cast.owner, by=by)
    other = Deal.objects.get(pk=inquiry(responsible=cast.colleague, by=by, amount=Decimal(900000)).pk)
    Deal.objects.filter(pk=other.pk).update(company=mine.company)
    wire = ["client", "some", ["deals", "some", ["amount", ">", 100000]]]
    deals_base = base("deals")
    for person, expected in (
        (cast.owner, set()),
        (cast.head, {mine.pk, other.pk}),
        (cast.director, {mine.pk, other.pk}),
    ):
        scope = scope_of(person)
        rows = Deal.objects.visible_to(person).filter(where(parse(wire, deals_base), deals_base, scope))
        assert set(rows.values_list("pk", flat=True)) == expected
        assert holds(parse(wire, deals_base), deals_base, mine, scope) is bool(expected)
    assert holds(parse(wire, deals_base), deals_base, mine, system_scope()) is True


# ---- views ------------------------------------------------------------------------------------------------------


def test_every_view_is_a_filter_in_an_address(ground):
    deals_base = base("deals")
    for view in VIEWS:
        tree = parse(dump(view.tree), deals_base)
        assert tree == view.tree
        assert view_of(tree, VIEWS) is view
        Deal.objects.filter(where(tree, deals_base, SCOPE)).count()


def test_views_hold_what_they_say(inquiry, cast, funnel, stage):
    with clock.freeze(NOW):
        untaken = inquiry()
        mine = inquiry(responsible=cast.owner)
        partners = inquiry(responsible=cast.partner)
        late = inquiry(responsible=cast.colleague)
        Deal.objects.filter(pk=late.pk).update(next_step_at=NOW - timedelta(hours=1))
        scope = scope_of(cast.owner)
        found = {
            view.key: set(Deal.objects.filter(where(view.tree, base("deals"), scope)).values_list("pk", flat=True))
            for view in VIEWS
        }
    assert found["open"] == {untaken.pk, mine.pk, partners.pk, late.pk}
    assert found["mine"] == {mine.pk, partners.pk}, "two who share a seat share its deals"
    assert found["late"] == {late.pk}
    assert found["stepless"] == {mine.pk, partners.pk}
    assert found["untaken"] == {untaken.pk}


def test_both_joins_flatly_and_says_nothing_twice():
    one, two = Is("open", "=", True), Is("title", "has", "х")
    assert both(EVERYTHING, one) == one
    assert both(All([one, two]), two) == All([one, two])
    assert both(one, Any([two])) == All([one, Any([two])])


# ---- damaged filters --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wire", "key"),
    [
        ('["amount",">=",', "filter"),
        ("[" * 3000 + "]" * 3000, "filter"),
        ('{"a":1}', "filter"),
        ("[]", "filter"),
        ('["nothing","=",1]', "nothing"),
        ('["amount","has","1"]', "amount"),
        ('["amount",">=","много"]', "amount"),
        ('["amount",">=",NaN]', "filter"),
        ('["amount",">=",1e400]', "amount"),
        ('["amount",">=",true]', "amount"),
        ('["amount","between",[1]]', "amount"),
        ('["stage","in",["три"]]', "stage"),
        ('["stage","in",[99999999999999999999]]', "stage"),
        ('["stage","in",3]', "stage"),
        ('["title","has","a\\u0000b"]', "title"),
        ('["title","has","\\ud800"]', "title"),
        ('["created_at","<","вчера"]', "created_at"),
        ('["created_at","<","2026-02-31"]', "created_at"),
        ('["created_at","<","0001-01-01"]', "created_at"),
        ('["created_at","older","99999999d"]', "created_at"),
        ('["created_at","empty",1]', "created_at"),
        ('["client.deals.client.deals.title","has","x"]', "client.deals.client.deals.title"),
        ('["title.name","has","x"]', "title.name"),
        (json.dumps(["not"] * 1), "filter"),
    ],
)
def test_a_damaged_filter_names_its_field(ground, wire, key):
    with pytest.raises(FilterError) as refused:
        parse(wire, base("deals"))
    assert list(refused.value.errors) == [key]


def test_depth_and_size_have_limits(ground):
    deep: list = ["open", "=", True]
    for _ in range(20):
        deep = ["not", deep]
    with pytest.raises(FilterError):
        parse(deep, base("deals"))
    with pytest.raises(FilterError):
        parse(["all", *(["open", "=", True] for _ in range(100))], base("deals"))
    relations: list = ["title", "has", "x"]
    for _ in range(10):
        relations = ["client", "some", ["deals", "some", relations]]
    with pytest.raises(FilterError):
        parse(relations, base("deals"))


def test_an_extreme_offset_does_not_overflow(ground):
    for point in ("-99999d", "+99999w"):
        with pytest.raises(FilterError):
            tree = parse(["created_at", "<", point], base("deals"))
            Deal.objects.filter(where(tree, base("deals"), SCOPE)).count()


def test_phrases_read_as_people_say(deal, ground):
    source = parse(["place", "not in", ["hall"]], base("deals"))
    assert str(phrase(source, base("deals"), SCOPE)).endswith("Зал")
    assert "31" in str(phrase(parse(["game_date", "<=", "2026-12-31"], base("deals")), base("deals"), SCOPE))
    assert Not(Is("open", "=", True)) == parse(["not", ["open", "=", True]], base("deals"))


def test_a_phone_in_a_clients_name_finds_the_client(inquiry, cast):
    register_client(by=actor.system("test"), name="Пётр", identities=[("phone", "+79213384017")])
    clients = base("clients")
    tree = parse(["contacts", "some", ["identities.value", "has", "3384"]], clients)
    assert Company.objects.filter(where(tree, clients, system_scope())).get().name == "Пётр"
