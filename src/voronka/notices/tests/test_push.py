"""Pushes against a stand-in that decrypts them and checks the signature; items of the contract's minimum list."""

from datetime import timedelta

import pytest
from django.db import transaction
from procrastinate.jobs import Job
from psycopg.types.range import TimestamptzRange

from voronka.notices import jobs, keys
from voronka.notices.actions import mark_all_read, notify
from voronka.notices.models import Notice, PushSubscription
from voronka.notices.push import Gone, Message, Refused, TryLater, send
from voronka.staff.models import Shift

from .jobs import run_jobs

pytestmark = pytest.mark.django_db


def tell(person, **changed):
    facts = {"kind": "untaken", "key": "untaken:7", "title": "Заявка ждёт", "url": "/deals/7", "urgent": True}
    with transaction.atomic():
        notify([person], **{**facts, **changed})


def message(**changed):
    return Message(**{"payload": {"title": "x"}, "topic": "t", "ttl": 60, **changed})


def test_a_notice_reaches_every_browser_of_its_person_encrypted_and_signed(cast, subscribe, push_service):
    subscribe(cast.owner), subscribe(cast.owner), subscribe(cast.colleague)
    tell(cast.owner, body="Ждёт 5 минут")
    run_jobs()
    assert len(push_service.told) == 2
    push = push_service.told[0]
    assert push.payload["title"] == "Заявка ждёт"
    assert push.payload["body"] == "Ждёт 5 минут"
    assert push.payload["url"] == f"/notices/{Notice.objects.get().pk}"
    assert push.headers["urgency"] == "high"
    assert 0 < int(push.headers["ttl"]) <= 600
    assert push.claims["aud"] == push_service.origin


def test_a_repeat_of_an_unread_urgent_notice_is_pushed_again_and_replaces_the_sleeping_one(
    cast, subscribe, push_service, clock
):
    subscribe(cast.owner)
    for minutes in (5, 10):
        tell(cast.owner, title=f"Ждёт {minutes} минут")
        run_jobs()
        clock.advance(minutes=5)
    assert [push.payload["title"] for push in push_service.told] == ["Ждёт 5 минут", "Ждёт 10 минут"]
    assert len({push.payload["id"] for push in push_service.told}) == 2
    assert [push.payload["title"] for push in push_service.waiting] == ["Ждёт 10 минут"]


def test_the_job_of_a_killed_worker_runs_again_under_the_same_id(cast, subscribe, push_service):
    browser = subscribe(cast.owner)
    tell(cast.owner)
    for _time in range(2):
        jobs.push_one.func(notices=[Notice.objects.get().pk], browser=browser.pk)
    assert len({push.payload["id"] for push in push_service.told}) == 1


def test_what_was_read_meanwhile_is_not_pushed(cast, subscribe, push_service):
    subscribe(cast.owner)
    tell(cast.owner)
    mark_all_read(cast.owner, by=cast.owner.actor)
    run_jobs()
    assert push_service.asked == 0


def test_no_whole_phone_number_leaves(cast, subscribe, push_service):
    subscribe(cast.owner)
    tell(cast.owner, title="Звонок +7 (921) 338-40-17", body="8 921 338 40 17 ждёт")
    run_jobs()
    told = push_service.told[0].payload
    assert "338" not in told["title"] + told["body"]
    assert "17" in told["title"]


def test_off_shift_only_the_urgent_comes_through(cast, subscribe, push_service, clock):
    subscribe(cast.owner)
    later = clock.now() + timedelta(hours=5)
    Shift.objects.create(person=cast.owner, span=TimestamptzRange(later, later + timedelta(hours=8)))
    tell(cast.owner, urgent=False, key="a")
    run_jobs()
    assert push_service.asked == 0
    tell(cast.owner, urgent=True, key="b")
    run_jobs()
    assert len(push_service.told) == 1


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(cast, subscribe, push_service, status):
    subscribe(cast.owner)
    push_service.script = [status]
    tell(cast.owner)
    run_jobs()
    assert not PushSubscription.objects.exists()


def test_a_busy_service_is_asked_again_when_it_says(cast, subscribe, push_service):
    browser = subscribe(cast.owner)
    push_service.script, push_service.retry_after = [429], "77"
    with pytest.raises(TryLater) as later:
        send(browser, message())
    assert later.value.seconds == 77
    decision = jobs.Patience().get_retry_decision(exception=later.value, job=_job(attempts=0))
    assert decision is not None and decision.retry_at is not None


def test_a_broken_service_is_tried_three_times_more(cast, subscribe, push_service):
    browser = subscribe(cast.owner)
    push_service.script = [500]
    with pytest.raises(TryLater) as later:
        send(browser, message())
    again = [jobs.Patience().get_retry_decision(exception=later.value, job=_job(attempts=n)) for n in range(5)]
    assert [bool(decision) for decision in again] == [True, True, True, False, False]


def test_a_service_that_answers_nonsense_is_not_asked_again(cast, subscribe, push_service):
    browser = subscribe(cast.owner)
    push_service.script = [400]
    send(browser, message())
    assert push_service.asked == 1


def test_no_redirect_is_followed(cast, subscribe, push_service):
    browser, other = subscribe(cast.owner), push_service.browser()
    push_service.script, push_service.redirect_to = [307], other.endpoint
    send(browser, message())
    assert push_service.asked == 1


def test_a_host_that_is_no_longer_trusted_is_not_called(cast, subscribe, push_service, monkeypatch):
    browser = subscribe(cast.owner)
    monkeypatch.delenv("VORONKA_PUSH_HOSTS")
    with pytest.raises(Gone):
        send(browser, message())
    assert push_service.asked == 0


def test_the_largest_payload_passes_and_one_byte_more_is_refused_here(cast, subscribe, push_service):
    browser = subscribe(cast.owner)
    room = 3993 - len('{"t":""}')
    send(browser, message(payload={"t": "x" * room}))
    assert len(push_service.told) == 1
    with pytest.raises(Refused):
        send(browser, message(payload={"t": "x" * (room + 1)}))
    assert push_service.asked == 1


@pytest.mark.parametrize("topic", ["x" * 33, "с кириллицей", "with space", ""])
def test_a_topic_no_service_takes_is_refused_here(topic):
    with pytest.raises(Refused):
        message(topic=topic).headers()


def test_the_signature_is_reused_for_an_origin_and_renewed_in_time(cast, subscribe, push_service, monkeypatch):
    endpoint = subscribe(cast.owner).endpoint
    first = keys.authorization(endpoint)
    assert keys.authorization(endpoint + "/other") == first
    assert keys.authorization("https://fcm.googleapis.com/x") != first
    now = keys.time.time()
    monkeypatch.setattr(keys.time, "time", lambda: now + keys.REUSE_SECONDS + 1)
    assert keys.authorization(endpoint) != first


def _job(*, attempts: int):
    return Job(id=1, queue="notices", lock=None, queueing_lock=None, task_name="notices.push_one", attempts=attempts)
