"""What people choose for themselves decides about bell and push; many become one."""

from datetime import time, timedelta

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from psycopg.types.range import TimestamptzRange

from voronka.kernel.errors import FieldErrors
from voronka.notices import jobs, queries, rules
from voronka.notices.actions import choose, mark_read, notify
from voronka.notices.models import Notice
from voronka.staff.models import Shift

from .jobs import run_jobs

pytestmark = pytest.mark.django_db

EVERYWHERE = {"urgent": ["page", "push"], "rule": ["page", "push"]}


def tell(person, number=1, **changed):
    facts = {
        "kind": "rule",
        "key": f"late:{number}",
        "title": f"Клиент {number} ждёт",
        "heading": "Заявка ждёт",
        "url": f"/deals/{number}",
    }
    with transaction.atomic():
        notify([person], **{**facts, **changed})


def chosen(person, **changed):
    facts = {
        "quiet_from": None,
        "quiet_till": None,
        "urgent_anyway": True,
        "on_shift_only": True,
        "channels": EVERYWHERE,
    }
    choose(person, by=person.actor, **{**facts, **changed})


def titles(push_service):
    return [push.payload["title"] for push in push_service.told]


def test_a_kind_wanted_only_on_devices_is_pushed_and_not_in_the_bell(cast, subscribe, push_service):
    subscribe(cast.owner)
    chosen(cast.owner, channels={"rule": ["push"]})
    tell(cast.owner)
    run_jobs()
    assert titles(push_service) == ["Клиент 1 ждёт"]
    assert queries.unread_count(cast.owner) == 0 and not queries.of(cast.owner)


def test_a_kind_wanted_only_on_the_page_is_not_pushed(cast, subscribe, push_service):
    subscribe(cast.owner)
    chosen(cast.owner, channels={"rule": ["page"]})
    tell(cast.owner)
    run_jobs()
    assert push_service.asked == 0 and queries.unread_count(cast.owner) == 1


def test_a_kind_wanted_nowhere_is_not_told_to_this_person_alone(cast):
    chosen(cast.owner, channels={})
    with transaction.atomic():
        notify([cast.owner, cast.colleague], kind="rule", key="k", title="t", url="/deals/1")
    assert [notice.person for notice in Notice.objects.all()] == [cast.colleague]


def test_a_kind_that_has_no_line_goes_with_the_rest(cast):
    chosen(cast.owner, channels={})
    tell(cast.owner, kind="something-new")
    assert not Notice.objects.exists()


def test_the_urgent_cannot_be_taken_off_the_page(cast):
    chosen(cast.owner, channels={})
    tell(cast.owner, kind="urgent", urgent=True)
    assert queries.unread_count(cast.owner) == 1


@pytest.mark.parametrize("ends", [(time(22), None), (None, time(8)), (time(22), time(22))])
def test_quiet_hours_need_two_different_ends(cast, ends):
    with pytest.raises(FieldErrors):
        chosen(cast.owner, quiet_from=ends[0], quiet_till=ends[1])


def test_what_came_in_quiet_hours_is_told_once_when_they_end(cast, subscribe, push_service, clock):
    subscribe(cast.owner)  # noon in Moscow
    chosen(cast.owner, quiet_from=time(11), quiet_till=time(13))
    for number in range(4):
        tell(cast.owner, number)
        run_jobs()
        clock.advance(minutes=10)
    assert push_service.asked == 0
    clock.advance(minutes=20)
    run_jobs()
    assert titles(push_service) == ["Заявка ждёт: 4"]
    assert push_service.told[0].payload["url"] == "/notices?open"


def test_the_urgent_passes_while_the_rest_waits(cast, subscribe, push_service, clock):
    subscribe(cast.owner)
    chosen(cast.owner, quiet_from=time(11), quiet_till=time(13))
    tell(cast.owner, 1)
    tell(cast.owner, 2, kind="urgent", urgent=True)
    run_jobs()
    assert titles(push_service) == ["Клиент 2 ждёт"]
    clock.advance(hours=1)
    run_jobs()
    assert titles(push_service) == ["Клиент 2 ждёт", "Клиент 1 ждёт"]


def test_what_came_off_shift_is_told_when_the_shift_begins(cast, subscribe, push_service, clock):
    subscribe(cast.owner)
    starts = clock.now() + timedelta(hours=5)
    Shift.objects.create(person=cast.owner, span=TimestamptzRange(starts, starts + timedelta(hours=8)))
    tell(cast.owner)
    run_jobs()
    assert push_service.asked == 0
    clock.advance(hours=5)
    run_jobs()
    assert titles(push_service) == ["Клиент 1 ждёт"]


def test_who_does_not_care_for_shifts_is_told_at_once(cast, subscribe, push_service, clock):
    subscribe(cast.owner)
    starts = clock.now() + timedelta(hours=5)
    Shift.objects.create(person=cast.owner, span=TimestamptzRange(starts, starts + timedelta(hours=8)))
    chosen(cast.owner, on_shift_only=False)
    tell(cast.owner)
    run_jobs()
    assert titles(push_service) == ["Клиент 1 ждёт"]


def test_a_flood_becomes_one_push_that_grows(cast, subscribe, push_service, clock):
    subscribe(cast.owner)
    for number in range(5):
        tell(cast.owner, number)
        run_jobs()
        clock.advance(seconds=2)
    assert titles(push_service) == ["Клиент 0 ждёт"]
    clock.advance(seconds=30)
    run_jobs()
    assert titles(push_service) == ["Клиент 0 ждёт", "Заявка ждёт: 5"]
    single, many = (push.payload for push in push_service.told)
    assert (single["many"], many["many"]) == (False, True)
    assert single["group"] == many["group"] == many["tag"] != single["tag"]


def test_what_has_been_read_is_not_counted(cast, subscribe, push_service, clock):
    subscribe(cast.owner)
    for number in range(4):
        tell(cast.owner, number)
    mark_read(Notice.objects.earliest("id"), by=cast.owner.actor)
    run_jobs()
    assert titles(push_service) == ["Заявка ждёт: 3"]


def test_nothing_is_left_waiting_for_somebody_who_has_no_shift_ahead(cast, subscribe, push_service, clock):
    subscribe(cast.owner)
    ended = clock.now() - timedelta(hours=1)
    Shift.objects.create(person=cast.owner, span=TimestamptzRange(ended - timedelta(hours=8), ended))
    tell(cast.owner)
    run_jobs()
    assert push_service.asked == 0 and not ProcrastinateJob.objects.exists()


def test_only_many_unread_ones_of_a_group_are_bunched(cast, clock):
    for number in range(3):
        tell(cast.owner, number)
        clock.advance(minutes=1)
    tell(cast.owner, 9, heading="", title="Другое")
    rows, _more = queries.page(cast.owner)
    assert [len(bunch) for bunch in rules.bunches(rows)] == [1, 3]
    mark_read(rows[-1], by=cast.owner.actor)
    rows, _more = queries.page(cast.owner)
    assert [len(bunch) for bunch in rules.bunches(rows)] == [1, 1, 1, 1]


def test_what_was_read_or_only_pushed_a_season_ago_is_dropped(cast, clock):
    chosen(cast.owner, channels={"rule": ["push"], "mention": ["page"]})
    tell(cast.owner, 1), tell(cast.owner, 2, kind="mention"), tell(cast.owner, 3, kind="mention")
    mark_read(Notice.objects.get(url="/deals/2"), by=cast.owner.actor)
    clock.advance(days=91)
    jobs.prune.func(0)
    assert [notice.url for notice in Notice.objects.all()] == ["/deals/3"]


def test_each_kind_has_one_line():
    keys = [kind.key for kind in queries.kinds.KINDS]
    assert sorted(keys) == sorted(set(keys))


def test_each_person_sees_and_keeps_only_what_is_told_them(cast):
    assert "alarm" not in {kind.key for kind in queries.kinds.of(cast.owner)}
    assert "alarm" in {kind.key for kind in queries.kinds.of(cast.director)}
    chosen(cast.owner, channels={"alarm": []})
    assert set(cast.owner.notice_choices.values_list("kind", flat=True)) == {
        "urgent",
        "mention",
        "reminder",
        "bulk",
        "rule",
    }
