"""Tasks that come again, and reminders: exactly once, whoever asks and however often."""

import threading
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from voronka.kernel import clock
from voronka.kernel.errors import FieldErrors, Refusal
from voronka.notices.models import Notice
from voronka.staff.models import Person
from voronka.tasks import ticker
from voronka.tasks.actions import (
    Plan,
    cancel_task,
    change_task,
    complete_task,
    edit_task,
    end_series,
    plan_task,
    reopen_task,
    take_turns,
)
from voronka.tasks.models import Series, Task, TaskKind
from voronka.tasks.repeat import Repeat
from voronka.testing.office import Office

MOSCOW = ZoneInfo("Europe/Moscow")
MORNING = datetime(2026, 11, 18, 10, 0, tzinfo=MOSCOW)  # a Wednesday


@pytest.fixture(autouse=True)
def early():
    with clock.freeze(MORNING - timedelta(hours=2)):
        yield


def plan(desk: Office, *, every: str = "daily", title: str = "Слушать звонки", **given) -> Plan:
    facts = {
        "title": title,
        "due_at": MORNING,
        "minutes": 45,
        "remind_before": 15,
        "responsible": desk.cast.owner,
        "repeat": Repeat(every=every),
        "zone": MOSCOW,
    }
    return Plan(**{**facts, **given})


def planned(desk: Office, deal=None, **given) -> Task:
    facts = {"deal_id": deal.pk, "company": deal.company, "deal_audience": deal.audience} if deal else {}
    kind = TaskKind.objects.get(key="other")
    return plan_task(by=desk.cast.owner.actor, kind=kind, plan=plan(desk, **given), **facts)


def open_ones() -> list[Task]:
    return list(Task.objects.filter(series__isnull=False, done_at=None).order_by("due_at"))


def test_the_next_comes_when_this_one_is_done(desk: Office) -> None:
    first = planned(desk)
    complete_task(first.pk, by=desk.cast.owner.actor)
    (following,) = open_ones()
    assert following.due_at == MORNING + timedelta(days=1)
    assert (following.title, following.minutes, following.responsible) == ("Слушать звонки", 45, desk.cast.owner)
    assert following.remind_at == following.due_at - timedelta(minutes=15)
    complete_task(first.pk, by=desk.cast.owner.actor)
    assert len(open_ones()) == 1, "done twice makes one"


def test_the_next_comes_when_its_time_has_come(desk: Office) -> None:
    planned(desk)
    assert take_turns() == 0
    with clock.freeze(MORNING + timedelta(minutes=1)):
        take_turns()
        take_turns()
        assert [task.due_at for task in open_ones()] == [MORNING, MORNING + timedelta(days=1)]
        complete_task(open_ones()[0].pk, by=desk.cast.owner.actor)
        assert len(open_ones()) == 1, "the next was made already"


def test_missed_turns_are_left_out(desk: Office) -> None:
    planned(desk)
    with clock.freeze(MORNING + timedelta(days=9, hours=1)):
        while take_turns():
            pass
        assert [task.due_at for task in open_ones()] == [MORNING, MORNING + timedelta(days=10)]


def test_done_is_taken_back_with_what_came_of_it(desk: Office) -> None:
    first = planned(desk)
    for _turn in range(3):
        complete_task(first.pk, by=desk.cast.owner.actor)
        reopen_task(first.pk, by=desk.cast.owner.actor)
        assert [task.pk for task in open_ones()] == [first.pk]
    complete_task(first.pk, by=desk.cast.owner.actor)
    assert len(open_ones()) == 1


def test_only_this_one_or_those_after_it_too(desk: Office) -> None:
    first = planned(desk)
    me = desk.cast.owner.actor
    later = MORNING + timedelta(hours=5)
    edit_task(first.pk, by=me, plan=plan(desk, title="Разово", due_at=later), following=False)
    complete_task(first.pk, by=me)
    (second,) = open_ones()
    assert (second.title, second.due_at) == ("Слушать звонки", MORNING + timedelta(days=1))
    changed = plan(
        desk,
        title="По-новому",
        due_at=second.due_at + timedelta(hours=3),
        every="weekly",
        responsible=desk.cast.colleague,
    )
    edit_task(second.pk, by=desk.cast.head.actor, plan=changed, following=True)
    complete_task(second.pk, by=desk.cast.head.actor)
    (third,) = open_ones()
    assert (third.title, third.responsible) == ("По-новому", desk.cast.colleague)
    assert third.due_at == MORNING + timedelta(days=8, hours=3)


def test_moving_one_does_not_move_the_series(desk: Office) -> None:
    first = planned(desk)
    change_task(first.pk, by=desk.cast.owner.actor, due_at=MORNING + timedelta(days=3))
    complete_task(first.pk, by=desk.cast.owner.actor)
    assert open_ones()[0].due_at == MORNING + timedelta(days=1)


def test_the_end(desk: Office) -> None:
    me = desk.cast.owner.actor
    last = planned(desk, repeat=Repeat(every="daily", until=(MORNING + timedelta(days=1)).date()))
    complete_task(last.pk, by=me)
    complete_task(open_ones()[0].pk, by=me)
    assert open_ones() == [] and Series.objects.get().ended_at
    ended = planned(desk)
    end_series(ended.pk, by=me)
    cancel_task(ended.pk, by=me)
    assert open_ones() == []
    with pytest.raises(FieldErrors):
        planned(desk, repeat=Repeat(every="daily", until=(MORNING - timedelta(days=1)).date()))
    with pytest.raises(Refusal):
        end_series(planned(desk).pk, by=desk.cast.stranger.actor)


def test_no_more_for_who_has_left_nor_in_a_closed_deal(desk: Office) -> None:
    deal = desk.deal()
    in_deal = planned(desk, deal)
    assert in_deal.deal_id == deal.pk
    type(deal).objects.filter(pk=deal.pk).update(closed_at=clock.now())
    planned(desk, responsible=desk.cast.colleague)
    Person.objects.filter(pk=desk.cast.colleague.pk).update(is_active=False)
    with clock.freeze(MORNING + timedelta(minutes=1)):
        take_turns()
    assert len(open_ones()) == 2
    assert not Series.objects.filter(ended_at=None).exists()


def test_a_reminder_tells_once(desk: Office) -> None:
    deal = desk.deal("Лена Котова")
    task = planned(desk, deal)
    ticker.tick()
    assert not Notice.objects.filter(kind="reminder").exists()
    with clock.freeze(MORNING - timedelta(minutes=14)):
        ticker.tick()
        ticker.tick()
        (notice,) = Notice.objects.filter(kind="reminder")
        assert notice.person == desk.cast.owner and notice.body == "Лена Котова" and notice.url == f"/deals/{deal.pk}"
        assert notice.title == "В 10:00: Слушать звонки"
        change_task(task.pk, by=desk.cast.owner.actor, due_at=MORNING + timedelta(hours=3))
    notice.read_at = clock.now()
    notice.save()
    with clock.freeze(MORNING + timedelta(hours=2, minutes=50)):
        ticker.tick()
    assert Notice.objects.filter(kind="reminder").count() == 2, "another time, another reminder"


def test_a_reminder_names_nothing_that_one_may_not_see(desk: Office) -> None:
    deal = desk.deal("Тайный Клиент")
    task = planned(desk, deal)
    change_task(task.pk, by=desk.cast.head.actor, responsible=desk.cast.stranger)
    with clock.freeze(MORNING):
        ticker.remind()
    notice = Notice.objects.get(kind="reminder")
    assert notice.person == desk.cast.stranger and "Тайный" not in notice.title + notice.body and notice.url == "/tasks"


def test_nothing_reminds_of_what_is_done(desk: Office) -> None:
    complete_task(planned(desk, repeat=None).pk, by=desk.cast.owner.actor)
    with clock.freeze(MORNING):
        assert ticker.remind() == 0


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_make_one(desk: Office) -> None:
    task = planned(desk)
    faults: list[BaseException] = []
    gate = threading.Barrier(4)

    def work() -> None:
        try:
            with clock.freeze(MORNING + timedelta(minutes=1)):
                gate.wait()
                ticker.tick()
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _one in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert Task.objects.filter(series=task.series_id or Task.objects.get(pk=task.pk).series_id).count() == 2
    assert Notice.objects.filter(kind="reminder").count() == 1
