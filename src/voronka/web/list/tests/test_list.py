"""The list of deals: what it shows is what the person may see, its pages don't jump, its figures are the database's."""

import json
from datetime import timedelta
from decimal import Decimal
from urllib.parse import quote

import pytest

from voronka.clients.actions import register_client
from voronka.clients.models import Company
from voronka.deals.actions import create_deal
from voronka.deals.models import Deal, FieldDef, Funnel, Stage
from voronka.kernel import actor, clock
from voronka.kernel.filters import base
from voronka.tasks.models import TaskKind
from voronka.web.list.orders import order_of, page_of

pytestmark = pytest.mark.django_db
BY = actor.system("test")
SORTS = (
    "step", "-step", "amount", "-amount", "client", "-client", "number", "-number", "-age", "responsible", "game_date",
    "-players", "stage", "-created", "programme", "title", "interaction", "-interaction",
)  # fmt: skip
CURSORS = (
    "х", "[]", "[1]", '["now",1]', '[null,"1"]', '["2026-01-01T00:00",1]', "[1e999,1]", '["\\ud800",1]', "[" * 5000,
    '["a\\u0000",1]', "[null,-5]", "[null,99999999999999999999]", "[true,true]",
)  # fmt: skip


@pytest.fixture
def funnel(cast):
    funnel = Funnel.objects.create(key="first", title="Первые продажи")
    for position, (key, title, meaning) in enumerate(
        [
            ("new", "Неразобранное", "unsorted"),
            ("work", "Взято в работу", "open"),
            ("booked", "Бронь", "open"),
            ("won", "Отзыв получен", "won"),
        ]
    ):
        Stage.objects.create(funnel=funnel, key=key, title=title, meaning=meaning, position=position)
    FieldDef.objects.create(key="programme", title="Программа", type="choice", options=[["sh", "Шерлок"]])
    FieldDef.objects.create(key="game_date", title="Дата игры", type="date")
    FieldDef.objects.create(key="players", title="Игроков", type="number", unit="чел.")
    TaskKind.objects.create(key="call", title="Позвонить", icon="phone")
    return funnel


@pytest.fixture
def deal(funnel, cast):
    def make(name="Ирина Соколова", *, brand=None, **more):
        contact = register_client(by=BY, name=name)
        return create_deal(
            by=BY, funnel=funnel, company=contact.company, contact=contact, brand=brand or cast.brand, **more
        )

    return make


def listed(page) -> list[int]:
    text = page.content.decode()
    return [int(piece.split('"')[0]) for piece in text.split('<tr id="deal-')[1:]]


def address(*wire, **more) -> str:
    facts = "&".join(f"{key}={quote(value)}" for key, value in more.items())
    return f"/deals?filter={quote(json.dumps(list(wire)))}&{facts}"


# ---- the gate ---------------------------------------------------------------------------------------------------


def test_taken_deals_of_others_are_in_no_list_count_or_row(deal, cast, as_person):
    untaken = deal()
    mine = deal(responsible=cast.owner, amount=Decimal(1000))
    others = deal("Тайная Клиентка", responsible=cast.colleague, amount=Decimal(7777))
    browser = as_person(cast.owner)
    page = browser.get("/deals")
    text = page.content.decode()
    assert sorted(listed(page)) == [untaken.pk, mine.pk]
    assert "Тайная" not in text and "7\u00a0777" not in text and "8\u00a0777" not in text
    assert "2 сделки" in text
    assert browser.get(f"/deals/{others.pk}/row").status_code == 204
    assert "Тайная" not in browser.get("/deals/totals").content.decode()
    everything = browser.get("/deals?filter=").content.decode()
    assert "Тайная" not in everything
    assert sorted(listed(as_person(cast.head).get("/deals"))) == [untaken.pk, mine.pk, others.pk]
    assert listed(as_person(cast.stranger).get("/deals")) == []


def test_a_filter_can_not_count_what_is_hidden(deal, cast, as_person):
    deal("Тайная Клиентка", responsible=cast.colleague, amount=Decimal(7777))
    browser = as_person(cast.owner)
    query = {"field": "amount", "op": ">=", "value": "7000", "filter": "", "index": "new"}
    assert "0 сделок" in browser.get("/filter/condition", query).content.decode()
    assert "0 сделок" in browser.get(address("amount", ">=", 7000, edit="new")).content.decode()


def test_strangers_are_sent_to_sign_in(client, funnel):
    for path in ("/deals", "/deals/totals", "/filter/condition", "/deals/1/row"):
        assert client.get(path).status_code == 302


# ---- pages ------------------------------------------------------------------------------------------------------


def test_pages_hold_every_row_once_in_order(deal, cast):
    for number in range(23):
        made = deal(
            ["Ёлкина", "елисеев", "Яшин", "Абрамов"][number % 4],
            amount=Decimal(number % 5 * 100),
            responsible=[cast.owner, cast.head, None][number % 3],
            fields={"game_date": f"2026-12-{number % 4 + 1:02}", "players": str(number % 3)} if number % 2 else {},
        )
        if number % 3:
            Deal.objects.filter(pk=made.pk).update(next_step_at=clock.now() + timedelta(hours=number % 6))
        spoken = clock.now() - timedelta(days=number % 7) if number % 5 else None
        Company.objects.filter(pk=made.company_id).update(last_interaction_at=spoken)
    everybody = sorted(Deal.objects.values_list("pk", flat=True))
    for sort in SORTS:
        order = order_of(sort, base("deals"))
        whole, _ = page_of(Deal.objects.all(), order, size=100)
        pages, after = page_of(Deal.objects.all(), order, size=5)
        while after:
            found, after = page_of(Deal.objects.all(), order, after=after, size=5)
            pages += found
        assert [one.pk for one in pages] == [one.pk for one in whole], sort
        assert sorted(one.pk for one in pages) == everybody, sort
        values = [one.sorted_by for one in whole]
        filled = [value for value in values if value is not None]
        assert filled == sorted(filled, reverse=sort.startswith("-")), sort
        assert values == filled + [None] * (len(values) - len(filled)), "rows without a value stand last"


def test_a_page_goes_on_from_its_last_row_when_others_arrive(deal, cast):
    order = order_of("-amount", base("deals"))
    first = [deal(amount=Decimal(100 * number)) for number in range(6)]
    top, after = page_of(Deal.objects.all(), order, size=3)
    deal(amount=Decimal(5000))
    rest, _ = page_of(Deal.objects.all(), order, after=after, size=10)
    assert [one.pk for one in top] == [one.pk for one in first[:2:-1]]
    assert [one.pk for one in rest] == [one.pk for one in first[2::-1]]


def test_a_foreign_cursor_is_an_empty_page(deal, cast, as_person):
    deal(responsible=cast.owner)
    browser = as_person(cast.owner)
    for sort in ("step", "amount", "client", "number", "game_date", "players"):
        for after in CURSORS:
            assert browser.get("/deals", {"after": after, "sort": sort}).status_code == 200, (sort, after)


# ---- figures ----------------------------------------------------------------------------------------------------


def test_the_foot_sums_the_whole_filter(deal, cast, as_person):
    for number in range(60):
        deal(responsible=cast.owner, amount=Decimal(100), fields={"players": "4"} if number < 55 else {})
    page = as_person(cast.owner).get(address("players", "=", 4)).content.decode()
    assert page.count('<tr id="deal-') == 50
    assert "55 сделок" in page and "5\u00a0500" in page
    assert "after=" in page


def test_number_of_queries_does_not_grow(deal, cast, as_person, django_assert_max_num_queries):
    for number in range(30):
        deal(f"Клиент {number}", responsible=cast.owner, fields={"programme": "sh"})
    browser = as_person(cast.owner)
    browser.get("/deals")
    with django_assert_max_num_queries(9):
        browser.get("/deals?funnel=first")
    with django_assert_max_num_queries(11):
        browser.get(address("all", ["programme", "in", ["sh"]], ["responsible", "in", ["me"]], edit="new"))


# ---- filter on screen -------------------------------------------------------------------------------------------


def test_a_condition_is_added_changed_and_taken_away(deal, cast, as_person):
    rich, poor = deal(responsible=cast.owner, amount=Decimal(9000)), deal(responsible=cast.owner)
    browser = as_person(cast.owner)
    form = {"field": "amount", "op": ">=", "value": "5 000,00", "filter": "", "index": "new"}
    assert "1 сделка" in browser.get("/filter/condition", form).content.decode()
    added = browser.get("/filter/condition", {**form, "apply": "1"}, follow=True)
    assert listed(added) == [rich.pk]
    assert "от" in added.content.decode()
    changed = browser.get(
        "/filter/condition",
        {"field": "amount", "op": "<", "value": "5000", "index": "0", "apply": "1", "filter": '["amount",">=",5000]'},
        follow=True,
    )
    assert listed(changed) == [poor.pk]
    by_htmx = browser.get("/filter/condition", {**form, "apply": "1"}, headers={"HX-Request": "true"})
    assert by_htmx.headers["HX-Redirect"].startswith("/deals?")


def test_a_wrong_value_is_told_beside_the_field(deal, cast, as_person):
    browser = as_person(cast.owner)
    form = {"field": "amount", "op": ">=", "value": "много", "filter": "", "index": "new", "apply": "1"}
    answer = browser.get("/filter/condition", form)
    assert answer.status_code == 422
    assert "draft-err" in answer.content.decode() and "много" in answer.content.decode()


def test_a_damaged_filter_in_the_address_is_a_clear_answer(deal, cast, as_person):
    browser = as_person(cast.owner)
    for wire in ('["amount"', '["nothing","=",1]', '["amount",">=","x"]'):
        assert browser.get("/deals", {"filter": wire}).status_code == 422
    assert browser.get("/deals", {"funnel": "nowhere"}).status_code == 404
    assert browser.get("/deals", {"sort": "; drop table"}).status_code == 200
    assert browser.get("/deals", {"edit": "999999"}).status_code == 200
    assert browser.get("/deals", {"edit": "²"}).status_code == 200


def test_a_row_leaves_when_it_no_longer_passes(deal, cast, as_person):
    mine = deal(responsible=cast.owner)
    browser = as_person(cast.owner)
    wire = quote(json.dumps(["stage", "in", [mine.stage_id]]))
    assert browser.get(f"/deals/{mine.pk}/row?filter={wire}").status_code == 200
    Deal.objects.filter(pk=mine.pk).update(stage=Stage.objects.get(key="booked"))
    assert browser.get(f"/deals/{mine.pk}/row?filter={wire}").status_code == 204
