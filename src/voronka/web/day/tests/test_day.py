"""My day: what waits for whom, figures that are their lists, order in the cards."""

from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from voronka.deals.actions import attach_inquiry
from voronka.deals.models import Deal
from voronka.kernel import actor, clock
from voronka.kernel.filters import base, parse, where
from voronka.staff.filters import scope_of
from voronka.tasks.actions import complete_task
from voronka.tasks.models import Task
from voronka.testing.office import Office
from voronka.web.day import figures
from voronka.web.day.disorder import Order
from voronka.web.day.queries import work_of

MOSCOW = ZoneInfo("Europe/Moscow")
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=MOSCOW)


@pytest.fixture(autouse=True)
def noon():
    """A Saturday noon, so that «today» has hours on both sides."""
    with clock.freeze(NOON):
        yield


def listed(person, url: str) -> int:
    """How many deals the list behind a figure holds."""
    tree = parse(parse_qs(urlsplit(url).query)["filter"][0], base("deals"))
    return Deal.objects.visible_to(person).filter(where(tree, base("deals"), scope_of(person))).count()


def close_tasks(deal: Deal, by) -> None:
    for task in Task.objects.filter(deal=deal, done_at=None):
        complete_task(task.pk, by=by.actor, result="готово")


def overdue(desk: Office, deal: Deal, title: str = "Перезвонить") -> None:
    with clock.freeze(NOON - timedelta(days=1)):
        desk.step(deal, title, hours=3)


def test_untaken_and_unread_wait_most_urgent_first(desk: Office) -> None:
    me = desk.cast.owner
    mine = desk.deal("Катя")
    with clock.freeze(NOON - timedelta(minutes=4)):
        older = desk.inquiry("Лена")
    newer = desk.inquiry("Витя")
    with clock.freeze(NOON - timedelta(minutes=1)):
        attach_inquiry(mine.pk, by=actor.client("ВК"), text="А фото?", touch={}, entry=1, source="ВК")
    work = work_of(me)
    assert [one.deal_id for one in work.waiting] == [older.pk, mine.pk, newer.pk]
    assert work.waiting_count == 3
    assert work.waiting[0].percent == 80
    assert work.waiting[1].text == "А фото?" and work.waiting[1].mine


def test_a_stranger_and_those_who_do_not_take_see_no_queue(desk: Office) -> None:
    desk.inquiry()
    assert work_of(desk.cast.stranger).waiting == []
    assert work_of(desk.cast.administrator).waiting == []
    assert work_of(desk.cast.colleague).waiting_count == 1


def test_tasks_by_urgency_only_mine(desk: Office) -> None:
    me = desk.cast.owner
    deal = desk.deal()
    close_tasks(deal, me)
    overdue(desk, deal, "Вчерашнее")
    desk.step(deal, "Сегодня", hours=2)
    desk.step(deal, "Завтра", hours=24)
    work = work_of(me)
    assert [row.title for row in work.late] == ["Вчерашнее"]
    assert [row.title for row in work.today] == ["Сегодня"]
    assert (work.late_count, work.today_count, work.stepless_count) == (1, 1, 0)
    assert work_of(desk.cast.colleague).late == []
    assert work_of(desk.cast.partner).late == [], "the partner sees the deal, but the task is mine"


def test_a_deal_without_a_step(desk: Office) -> None:
    deal = desk.deal("Тимур")
    close_tasks(deal, desk.cast.owner)
    work = work_of(desk.cast.owner)
    assert [one.deal_id for one in work.stepless] == [deal.pk]


def test_each_figure_is_its_list(desk: Office, as_person) -> None:
    me = desk.cast.owner
    with clock.freeze(NOON - timedelta(days=3)):
        won = desk.deal("Старая")
        desk.deal("Чужая", by=desk.cast.colleague)
    with clock.freeze(NOON - timedelta(days=40)):
        desk.deal("Из прошлого месяца")
    Deal.objects.filter(pk=won.pk).update(stage=desk.stage("reviewed"), closed_at=NOON, amount=18500)
    # finished by the administrator, to whom it went on from my account
    Deal.objects.filter(pk=desk.deal("Переданная").pk).update(
        stage=desk.stage("reviewed"),
        closed_at=NOON,
        amount=9000,
        responsible=desk.cast.administrator,
        seat=desk.cast.administrator.seat,
        watchers=[me.seat_id],
    )
    with clock.freeze(NOON - timedelta(minutes=30)):
        late = desk.inquiry("Долго ждала")
    as_person(me).post(f"/deals/{late.pk}/taking")
    for key in ("day", "month"):
        period = figures.Period.of(key, MOSCOW)
        found = figures.figures_of(me, period)
        shown = as_person(me).get(found.won_url).content.decode()
        assert found.won == 2 and shown.count('<tr><th scope="row"><span') == 2
        assert found.won_sum == 18500 + 9000
        assert found.taken == listed(me, found.taken_url)
        assert found.to_answer == figures.answers_of(me, period).count()
        assert found.answered < found.to_answer, "one was taken late"
        page = as_person(me).get(found.done_url)
        assert page.content.decode().count('<li class="v-todo') == found.done


def test_each_check_of_order_is_its_list(desk: Office) -> None:
    me = desk.cast.owner
    desk.deal("Без даты", stage="picked")
    desk.deal("+7 921 555-00-11")
    Deal.objects.filter(pk=desk.deal("Неизвестно откуда").pk).update(channel="", source=None)
    order = Order(me)
    found = order.disorder()
    assert {check.title for check, _count in found.found} >= {
        "Телефон в имени",
        "Источник неизвестен",
        "Без поля «Дата игры»",
    }
    for check, count in found.found:
        assert count == listed(me, check.url), check.title
    assert found.deals == 3 and found.bad == 3 and found.score == 0


def test_mending_one_field_leads_to_the_next(desk: Office, as_person) -> None:
    deal = desk.deal(stage="picked")
    browser = as_person(desk.cast.owner)
    assert "Дата игры" in browser.get("/day/order").content.decode()
    wrong = browser.post("/day/order", {"deal": deal.pk, "field": "game_date", "value": "когда-нибудь"})
    assert wrong.status_code == 422 and "когда-нибудь" in wrong.content.decode()
    right = browser.post("/day/order", {"deal": deal.pk, "field": "game_date", "value": "2026-12-01"})
    deal.refresh_from_db()
    assert right.status_code == 200 and deal.fields["game_date"] == "2026-12-01"
    assert "Дата игры" not in right.content.decode()


def test_nobody_mends_what_they_do_not_see(desk: Office, as_person) -> None:
    deal = desk.deal(stage="picked")
    given = {"deal": deal.pk, "field": "game_date", "value": "2026-12-01"}
    assert as_person(desk.cast.stranger).post("/day/order", given).status_code == 404
    assert as_person(desk.cast.owner).post("/day/order", {**given, "deal": "x"}).status_code == 404


def test_queries_do_not_grow_with_the_work(desk: Office, as_person) -> None:
    browser = as_person(desk.cast.owner)

    def queries(url: str) -> int:
        browser.get(url)
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(url).status_code == 200
        return len(seen)

    def more() -> None:
        desk.inquiry()
        deal = desk.deal(stage="picked")
        overdue(desk, deal)
        desk.step(deal, hours=1)
        close_tasks(desk.deal(), desk.cast.owner)

    more()
    before = {url: queries(url) for url in ("/day", "/day/work", "/day/order", "/day/answers", "/day/won")}
    for _turn in range(6):
        more()
    after = {url: queries(url) for url in before}
    assert after == before
    assert max(after.values()) <= 11, after


def test_pages_answer_in_both_languages_and_read_nonsense_as_the_usual(desk: Office, as_person) -> None:
    browser = as_person(desk.cast.owner)
    for url in (
        "/day",
        "/day?period=day",
        "/day?period=zzz",
        "/day/figures?period=day",
        "/day/answers?page=x",
        "/day/won?page=-1&period=day",
        "/day/order?after=y",
    ):
        assert browser.get(url).status_code == 200, url
    desk.cast.owner.language = "en"
    desk.cast.owner.save()
    assert "My figures" in browser.get("/day").content.decode()
