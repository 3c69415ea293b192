"""The calendar: what stands in it, for whom, and what dragging does."""

import json
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from voronka.deals.models import Deal, FieldDef
from voronka.kernel import clock
from voronka.kernel.models import Event
from voronka.tasks.actions import cancel_task, complete_task, create_task
from voronka.tasks.actions.repeat_task import repeat_task
from voronka.tasks.models import Task, TaskKind
from voronka.tasks.repeat import Repeat
from voronka.testing.office import Office

MOSCOW = ZoneInfo("Europe/Moscow")
NOON = datetime(2026, 11, 18, 12, 0, tzinfo=MOSCOW)  # a Wednesday
HTMX = {"HTTP_HX_REQUEST": "true"}
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(autouse=True)
def noon():
    with clock.freeze(NOON):
        yield


def task(desk: Office, title: str, *, hours: float = 1, who=None, deal=None) -> Task:
    who = who or desk.cast.owner
    return create_task(
        by=who.actor,
        kind=TaskKind.objects.get(key="other"),
        title=title,
        due_at=NOON + timedelta(hours=hours),
        responsible=who,
        deal_id=deal.pk if deal else None,
        deal_audience=deal.audience if deal else None,
        company=deal.company if deal else None,
    )


def page(browser, query: str = "") -> str:
    answer = browser.get(f"/calendar{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def put(browser, url: str, body: str):
    return browser.put(url, body, FORM, **HTMX)


def booked(desk: Office, name: str, day: str, time: str = "16:00") -> Deal:
    values = {"game_date": day, "game_time": time, "location": str(desk.cast.location.pk), "programme": "Шерлок"}
    return desk.deal(name, stage="booked", **values)


def test_each_view_holds_its_days(desk: Office, as_person) -> None:
    task(desk, "Сегодняшнее")
    task(desk, "Пятничное", hours=48)
    task(desk, "Через две недели", hours=24 * 12)
    task(desk, "Через два месяца", hours=24 * 60)
    browser = as_person(desk.cast.owner)
    day, week, month = page(browser, "?view=day"), page(browser), page(browser, "?view=month")
    assert "Сегодняшнее" in day and "Пятничное" not in day
    assert "Пятничное" in week and "Через две недели" not in week
    assert "Через две недели" in month and "Через два месяца" not in month
    assert "16–22 ноября 2026" in week, "the week begins on Monday"
    assert "Через два месяца" in page(browser, "?day=2027-01-17")


def test_the_gate_holds(desk: Office, as_person) -> None:
    task(desk, "Моё дело")
    booked(desk, "Тайный Клиент", "2026-11-20")
    for query in ("", "?who=all", "?who=all&view=month", "?view=team"):
        found = page(as_person(desk.cast.stranger), query)
        assert "Моё дело" not in found and "Тайный Клиент" not in found, query
    assert "Моё дело" in page(as_person(desk.cast.head), "?view=team")
    assert "Моё дело" not in page(as_person(desk.cast.head)), "mine is mine"
    assert 'class="v-cal-scroll is-team"' not in page(as_person(desk.cast.owner), "?view=team"), (
        "a manager has no team day"
    )


def test_dates_of_deals_stand_at_their_hour(desk: Office, as_person) -> None:
    deal = booked(desk, "Лена Котова", "2026-11-20", "16:30")
    browser = as_person(desk.cast.head)
    found = page(browser, "?who=all")
    assert f'id="cal-deal-{deal.pk}-game_date"' in found and "--s:990" in found and "Дата игры" in found
    assert "cal-deal-" not in page(browser, "?who=all&show=tasks")
    FieldDef.objects.filter(key="game_date").update(seen_by=["director"])
    assert "cal-deal-" not in page(browser, "?who=all"), "a field that the role may not see is not in its calendar"
    assert put(browser, f"/calendar/deals/{deal.pk}/game_date", "at=2026-11-21").status_code == 422


def test_the_filter_of_tasks_is_the_same_as_in_their_list(desk: Office, as_person) -> None:
    task(desk, "Позвонить Лене")
    task(desk, "Купить торт", hours=2)
    found = page(as_person(desk.cast.owner), "?q=торт")
    assert "Купить торт" in found and "Позвонить Лене" not in found
    assert as_person(desk.cast.owner).get("/calendar?filter=x").status_code == 422


def test_a_task_is_dragged_and_put_back(desk: Office, as_person) -> None:
    made = task(desk, "Встреча")
    browser = as_person(desk.cast.head)
    colleague = desk.cast.colleague
    answer = put(browser, f"/tasks/{made.pk}/slot", f"at=2026-11-20T15:30&minutes=90&responsible={colleague.pk}")
    assert answer.status_code == 204 and "tasks-changed" in answer["HX-Trigger"]
    made.refresh_from_db()
    assert made.due_at == datetime(2026, 11, 20, 15, 30, tzinfo=MOSCOW)
    assert (made.minutes, made.responsible) == (90, colleague)
    undo = json.loads(answer["HX-Trigger"])["toast"]["undo"]
    put(browser, undo["url"], "&".join(f"{key}={value}" for key, value in undo["values"].items()))
    made.refresh_from_db()
    assert (made.due_at, made.minutes, made.responsible) == (NOON + timedelta(hours=1), 30, desk.cast.owner)
    assert put(browser, f"/tasks/{made.pk}/slot", "at=2026-11-20T15:30&minutes=1").status_code == 422
    assert put(browser, f"/tasks/{made.pk}/slot", "at=завтра").status_code == 422
    assert put(as_person(desk.cast.stranger), f"/tasks/{made.pk}/slot", "at=2026-11-20T15:30").status_code == 404


def test_a_date_of_a_deal_is_dragged_and_put_back(desk: Office, as_person) -> None:
    deal = booked(desk, "Лена Котова", "2026-11-20", "16:30")
    browser = as_person(desk.cast.head)
    answer = put(browser, f"/calendar/deals/{deal.pk}/game_date", "at=2026-11-21T18:00")
    deal.refresh_from_db()
    assert (deal.fields["game_date"], deal.fields["game_time"]) == ("2026-11-21", "18:00")
    changes = Event.objects.filter(deal_id=deal.pk, kind="deal.changed").latest("id").data["changes"]
    assert changes["game_date"] == ["2026-11-20", "2026-11-21"]
    undo = json.loads(answer["HX-Trigger"])["toast"]["undo"]
    put(browser, undo["url"], f"at={undo['values']['at']}")
    deal.refresh_from_db()
    assert (deal.fields["game_date"], deal.fields["game_time"]) == ("2026-11-20", "16:30")
    for url, body, status in (
        (f"/calendar/deals/{deal.pk}/game_date", "at=x", 422),
        (f"/calendar/deals/{deal.pk}/amount", "at=2026-11-21", 422),
        ("/calendar/deals/999999/game_date", "at=2026-11-21", 404),
    ):
        assert put(browser, url, body).status_code == status
    assert (
        put(as_person(desk.cast.stranger), f"/calendar/deals/{deal.pk}/game_date", "at=2026-11-21").status_code == 404
    )


def test_done_stay_and_cancelled_go(desk: Office, as_person) -> None:
    complete_task(task(desk, "Сделанное").pk, by=desk.cast.owner.actor)
    cancel_task(task(desk, "Отменённое").pk, by=desk.cast.owner.actor)
    found = page(as_person(desk.cast.owner))
    assert "Сделанное" in found and "Отменённое" not in found


def test_a_new_task_takes_the_place_that_was_drawn(desk: Office, as_person) -> None:
    who = desk.cast.colleague.pk
    found = as_person(desk.cast.head).get(f"/tasks/new?due_at=2026-11-20T15:30&minutes=45&responsible={who}", **HTMX)
    dialog = found.content.decode()
    assert 'value="2026-11-20T15:30"' in dialog and 'value="45"' in dialog and f'value="{who}" selected' in dialog


def test_queries_do_not_grow(desk: Office, as_person) -> None:
    browser = as_person(desk.cast.head)
    urls = ("/calendar?who=all", "/calendar?who=all&view=month", "/calendar?view=team", "/calendar?view=day")

    def queries(url: str) -> int:
        browser.get(url)
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(url).status_code == 200
        return len(seen)

    def more() -> None:
        task(desk, "Дело", deal=desk.deal())
        booked(desk, "Игра", "2026-11-20")

    more()
    before = {url: queries(url) for url in urls}
    for _turn in range(5):
        more()
    after = {url: queries(url) for url in urls}
    assert after == before
    assert max(after.values()) <= 15, after


@pytest.mark.parametrize("query", ["view=x", "day=x", "day=9999-12-31", "who=x", "show=x", "view=team&day=2026-01-01"])
def test_a_spoilt_address_is_read_as_the_usual(desk: Office, as_person, query: str) -> None:
    page(as_person(desk.cast.head), f"?{query}")


def test_every_turn_of_a_series_is_drawn_beforehand(desk: Office, as_person) -> None:
    made = task(desk, "Планёрка")
    repeat_task(made.pk, by=desk.cast.owner.actor, repeat=Repeat(every="daily", until=date(2026, 11, 26)), zone=MOSCOW)
    browser = as_person(desk.cast.owner)
    week, next_week = page(browser, "?day=2026-11-18"), page(browser, "?day=2026-11-25")
    assert (week.count('id="cal-turn-'), week.count(f'id="cal-task-{made.pk}"')) == (4, 1), "Thursday to Sunday"
    assert next_week.count('id="cal-turn-') == 4, "Monday to the last day"
    assert page(browser, "?view=month&day=2026-11-18").count('id="cal-turn-') == 8
    assert "cal-turn-" not in page(browser, "?day=2026-11-18&show=dates")
    assert "Планёрка" not in page(as_person(desk.cast.colleague), "?day=2026-11-25")


def test_a_crowded_hour_is_a_few_things_and_a_list(desk: Office, as_person) -> None:
    for number in range(7):
        task(desk, f"Звонок {number}")
    week = page(as_person(desk.cast.owner), "?day=2026-11-18")
    columns, _agenda = week.split('class="v-cal-agenda"')
    assert columns.count("data-ev data-day") == 1 and ">+6</button>" in columns
    assert all(f"Звонок {number}" in columns for number in range(7))
    assert ">+" not in page(as_person(desk.cast.owner), "?view=day&day=2026-11-18")
