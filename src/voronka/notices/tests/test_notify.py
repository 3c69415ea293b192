import json

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from voronka.kernel.models import Event
from voronka.notices import queries
from voronka.notices.actions import mark_all_read, mark_read, notify
from voronka.notices.models import Notice

pytestmark = pytest.mark.django_db


def tell(*people, **changed):
    facts = {"kind": "untaken", "key": "untaken:7", "title": "Заявка ждёт", "url": "/deals/7", **changed}
    with transaction.atomic():
        notify(people, **facts)


def test_everybody_named_gets_one_notice(cast):
    tell(cast.owner, cast.partner, cast.owner)
    assert sorted(Notice.objects.values_list("person", flat=True)) == sorted([cast.owner.pk, cast.partner.pk])


def test_a_repeat_updates_the_unread_notice_and_brings_it_up(cast, clock):
    tell(cast.owner, title="Ждёт 5 минут")
    clock.advance(minutes=1)
    tell(cast.owner, key="task:3", title="Другое")
    clock.advance(minutes=4)
    tell(cast.owner, title="Ждёт 10 минут")
    assert [notice.title for notice in queries.of(cast.owner)] == ["Ждёт 10 минут", "Другое"]


def test_after_reading_the_same_key_is_a_new_notice(cast):
    tell(cast.owner)
    mark_read(Notice.objects.get(), by=cast.owner.actor)
    tell(cast.owner)
    assert Notice.objects.count() == 2
    assert queries.unread_count(cast.owner) == 1


def test_a_switched_off_person_is_not_told(cast):
    cast.owner.is_active = False
    tell(cast.owner)
    assert not Notice.objects.exists()
    assert not ProcrastinateJob.objects.exists()


def test_live_listeners_of_these_people_hear_it_and_nobody_else(cast):
    tell(cast.owner)
    made = Event.objects.get(kind="notice.made")
    assert made.audience == [f"p:{cast.owner.pk}"]
    mark_all_read(cast.owner, by=cast.owner.actor)
    assert Event.objects.get(kind="notice.read").audience == [f"p:{cast.owner.pk}"]


def test_the_push_is_queued_in_the_transaction_of_the_notice(cast):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        notify([cast.owner], kind="untaken", key="k", title="t", url="/deals/1")
        assert ProcrastinateJob.objects.filter(task_name="notices.spread").count() == 1
        raise ZeroDivisionError
    assert not ProcrastinateJob.objects.exists()
    assert not Notice.objects.exists()


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example", "deals/1", ""])
def test_a_notice_leads_only_to_our_own_pages(cast, url):
    with pytest.raises(ValueError, match="page of ours"):
        tell(cast.owner, url=url)


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_is_refused(db):
    with pytest.raises(RuntimeError):
        notify([], kind="k", key="k", title="t", url="/")


def test_the_list_uses_its_index(cast):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        statement, parameters = queries.of(cast.owner)[:30].query.sql_with_params()
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
        plan = json.dumps(cursor.fetchone()[0])
    assert "notice_recent" in plan


def test_pages_by_key_meet_without_a_gap_even_at_one_moment(cast, clock):
    for number in range(7):
        tell(cast.owner, key=f"k{number}", title=str(number))
    first, more = queries.page(cast.owner, size=4)
    second, end = queries.page(cast.owner, before=(first[-1].created_at, first[-1].pk), size=4)
    assert more and not end
    assert [notice.title for notice in [*first, *second]] == ["6", "5", "4", "3", "2", "1", "0"]
