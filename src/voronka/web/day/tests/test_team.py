"""The team's day: every figure is its list, and only heads see it."""

from datetime import datetime, timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from voronka.deals.models import Deal
from voronka.kernel import clock
from voronka.kernel.filters import base, parse, where
from voronka.staff.filters import scope_of
from voronka.tasks.actions import complete_task, create_task
from voronka.tasks.models import Task, TaskKind
from voronka.testing.office import Office
from voronka.web.day.team import rows_of

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=ZoneInfo("Europe/Moscow"))


@pytest.fixture(autouse=True)
def noon():
    with clock.freeze(NOON):
        yield


def task(desk: Office, who, hours: float) -> Task:
    kind = TaskKind.objects.get(key="other")
    due_at = NOON + timedelta(hours=hours)
    return create_task(by=who.actor, kind=kind, title="Дело", due_at=due_at, responsible=who)


def busy(desk: Office) -> None:
    me, other = desk.cast.owner, desk.cast.colleague
    for hours in (-50, -3, -1, 2):
        task(desk, me, hours)
    task(desk, other, 3)
    complete_task(task(desk, me, -2).pk, by=me.actor)
    Deal.objects.filter(pk=desk.deal("Ирина").pk).update(is_unread=True)
    stepless = desk.deal("Павел")
    for one in Task.objects.filter(deal=stepless, done_at=None):
        complete_task(one.pk, by=me.actor, result="готово")


def test_each_figure_is_its_list(desk: Office, as_person) -> None:
    busy(desk)
    head = desk.cast.head
    rows = {row.person: row for row in rows_of(head, [desk.cast.owner, desk.cast.colleague])}
    mine = rows[desk.cast.owner]
    assert mine.late >= 3 and mine.stepless == 1 and mine.unread == 1 and mine.open == 2
    assert rows[desk.cast.colleague].late == 0 and rows[desk.cast.colleague].today == 1
    browser = as_person(head)
    for row in rows.values():
        for part, count in (("late", row.late), ("today", row.today)):
            page = browser.get(row.tasks_url(part)).content.decode()
            assert page.count('<li class="v-todo is-list') == count, part
        assert browser.get(row.done_url).content.decode().count('<li class="v-todo is-list') == row.done
        for url, count in ((row.deals_url(), row.open), (row.stepless_url, row.stepless), (row.unread_url, row.unread)):
            tree = parse(parse_qs(urlsplit(url).query)["filter"][0], base("deals"))
            assert Deal.objects.visible_to(head).filter(where(tree, base("deals"), scope_of(head))).count() == count
    page = unescape(browser.get("/day/team").content.decode())
    assert mine.tasks_url("late") in page and desk.cast.colleague.name in page
    assert "/day/team" in browser.get("/day").content.decode()


def test_it_is_for_heads_and_through_their_gate(desk: Office, as_person) -> None:
    busy(desk)
    assert as_person(desk.cast.owner).get("/day/team").status_code == 403
    assert "/day/team" not in as_person(desk.cast.owner).get("/day").content.decode()
    (row,) = rows_of(desk.cast.stranger, [desk.cast.owner])
    assert (row.late, row.today, row.open) == (0, 0, 0)


def test_queries_do_not_grow(desk: Office, as_person) -> None:
    browser = as_person(desk.cast.head)

    def queries() -> int:
        browser.get("/day/team")
        with CaptureQueriesContext(connection) as seen:
            assert browser.get("/day/team").status_code == 200
        return len(seen)

    busy(desk)
    before = queries()
    busy(desk)
    assert queries() == before <= 15


def test_put_off_by_one_key_and_a_note(desk: Office, as_person) -> None:
    """What the keys of the day send."""
    browser, form = as_person(desk.cast.owner), "application/x-www-form-urlencoded"
    made = task(desk, desk.cast.owner, -1)
    for key, expected in (("1", "18.11 13:00"), ("2", "19.11 10:00"), ("3", "23.11 10:00")):
        assert (
            browser.put(f"/tasks/{made.pk}/deadline", f"preset={key}", form, HTTP_HX_REQUEST="true").status_code == 204
        )
        made.refresh_from_db()
        assert f"{made.due_at.astimezone(ZoneInfo('Europe/Moscow')):%d.%m %H:%M}" == expected
    assert browser.put(f"/tasks/{made.pk}/deadline", "preset=9", form, HTTP_HX_REQUEST="true").status_code == 422
    deal = desk.deal("Ирина")
    empty = browser.post(f"/day/notes/{deal.pk}", {"text": " "}, HTTP_HX_REQUEST="true")
    assert empty.status_code == 422 and 'aria-invalid="true"' in empty.content.decode()
    assert browser.post(f"/day/notes/{deal.pk}", {"text": "Без орехов"}, HTTP_HX_REQUEST="true").status_code == 204
    assert as_person(desk.cast.stranger).get(f"/day/notes/{deal.pk}").status_code == 404
