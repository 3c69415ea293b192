"""What filters mean, what they refuse, and what they never tell."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from voronka.clients.actions import register_client
from voronka.clients.models import Company
from voronka.deals.filters import VIEWS
from voronka.deals.models import Deal
from voronka.deals.tests.ground import NOW, SCOPE, ground, write  # noqa: F401
from voronka.kernel import actor, clock
from voronka.kernel.filters import (
    EVERYTHING,
    All,
    Any,
    FilterError,
    Is,
    Not,
    base,
    both,
    dump,
    holds,
    parse,
    phrase,
    view_of,
    where,
)  # fmt: skip
from voronka.staff.filters import scope_of, system_scope

# ---- meaning ----------------------------------------------------------------------------------------------------


def ids_of(wire, scope=SCOPE):
    deals_base = base("deals")
    return set(Deal.objects.filter(where(parse(wire, deals_base), deals_base, scope)).values_list("pk", flat=True))


@pytest.fixture
def deal(ground):  # noqa: F811
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


def test_every_view_is_a_filter_in_an_address(ground):  # noqa: F811
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
def test_a_damaged_filter_names_its_field(ground, wire, key):  # noqa: F811
    with pytest.raises(FilterError) as refused:
        parse(wire, base("deals"))
    assert list(refused.value.errors) == [key]


def test_depth_and_size_have_limits(ground):  # noqa: F811
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


def test_an_extreme_offset_does_not_overflow(ground):  # noqa: F811
    for point in ("-99999d", "+99999w"):
        with pytest.raises(FilterError):
            tree = parse(["created_at", "<", point], base("deals"))
            Deal.objects.filter(where(tree, base("deals"), SCOPE)).count()


def test_phrases_read_as_people_say(deal, ground):  # noqa: F811
    source = parse(["place", "not in", ["hall"]], base("deals"))
    assert str(phrase(source, base("deals"), SCOPE)).endswith("Зал")
    assert "31" in str(phrase(parse(["game_date", "<=", "2026-12-31"], base("deals")), base("deals"), SCOPE))
    assert Not(Is("open", "=", True)) == parse(["not", ["open", "=", True]], base("deals"))


def test_a_phone_in_a_clients_name_finds_the_client(inquiry, cast):
    register_client(by=actor.system("test"), name="Пётр", identities=[("phone", "+79213384017")])
    clients = base("clients")
    tree = parse(["contacts", "some", ["identities.value", "has", "3384"]], clients)
    assert Company.objects.filter(where(tree, clients, system_scope())).get().name == "Пётр"
