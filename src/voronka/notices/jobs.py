"""Jobs of notices. Every one may run twice: a worker can die after the push service has answered."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job
from procrastinate.tasks import Task

from voronka.kernel import clock
from voronka.staff.models import Person

from . import mail, queries, rules, subscriptions
from .messages import letter_of, push_of
from .models import Choice, Notice, PushSubscription
from .push import Gone, TryLater, send

QUEUE = "notices"
PAUSES = (2, 10, 60)
KEEP_READ = timedelta(days=90)
#: After one push of a person the next ones of this time are gathered: many become one.
GATHER = timedelta(seconds=15)
#: Who reads at once needs no letter.
LETTER_WAITS = timedelta(minutes=1)
#: A new notice collapses with unread ones that were pushed in this time.
TOGETHER = timedelta(hours=1)


class Patience(BaseRetryStrategy):
    """Three more tries, after the pause the service asked for or a growing one of ours."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if not isinstance(exception, TryLater) or job.attempts >= len(PAUSES):
            return None
        return RetryDecision(retry_in={"seconds": exception.seconds or PAUSES[job.attempts]})


@app.task(name="notices.spread", queue=QUEUE)
def spread(*, people: list[int]) -> None:
    """Outside of the transaction that told them, each person's devices get a job of their own."""
    now = clock.now()
    busy = set(Notice.objects.filter(person__in=people, pushed_at__gt=now - GATHER).values_list("person", flat=True))
    for person in people:
        later(push, person=person, at=now + GATHER if person in busy else now)
    if mail.is_set_up():
        for person in Choice.objects.filter(person__in=people, email=True).values_list("person", flat=True).distinct():
            later(write, person=person, at=now + LETTER_WAITS)


@app.task(name="notices.push", queue=QUEUE)
def push(*, person: int) -> None:
    """To every browser of the person what has not been pushed yet; in quiet hours only what may pass."""
    someone = Person.objects.filter(pk=person, is_active=True).first()
    if someone is None:
        return
    rows = queries.wanted(someone, "push")
    with transaction.atomic():
        claimed = _claim(someone, rows, "pushed_at", again=push)
        browsers = list(subscriptions.current([person]).values_list("pk", flat=True)) if claimed else []
        recent = [row for row in rows if row.pushed_at and row.pushed_at > clock.now() - TOGETHER]
        for numbers in _pushes(claimed, recent):
            for browser in browsers:
                push_one.defer(notices=numbers, browser=browser)


@app.task(name="notices.push_one", queue=QUEUE, retry=Patience())
def push_one(*, notices: list[int], browser: int) -> None:
    """Send one push to one browser: what of these is still unread, if the browser is still the person's."""
    subscription = PushSubscription.objects.filter(pk=browser).first()
    if subscription is None:
        return
    unread = Notice.objects.filter(pk__in=notices, read_at=None, person__is_active=True).select_related("person")
    rows = list(unread.filter(person=subscription.person_id).order_by("created_at", "id"))
    if not rows:
        return
    try:
        send(subscription, push_of(rows))
    except Gone:
        PushSubscription.objects.filter(pk=browser).delete()


@app.task(name="notices.write", queue=QUEUE)
def write(*, person: int) -> None:
    """One letter about what has come in the last minute and has not been read; in quiet hours what may pass."""
    someone = Person.objects.filter(pk=person, is_active=True).first()
    if someone is None:
        return
    with transaction.atomic():
        claimed = _claim(someone, queries.wanted(someone, "email"), "mailed_at", again=write)
        if claimed:
            write_one.defer(notices=[row.pk for row in claimed], person=person)


@app.task(name="notices.write_one", queue=QUEUE, retry=Patience())
def write_one(*, notices: list[int], person: int) -> None:
    """Hand one letter to the mail server, about what of these is still unread."""
    someone = Person.objects.filter(pk=person, is_active=True).first()
    rows = list(Notice.objects.filter(pk__in=notices, person=someone, read_at=None).order_by("created_at", "id"))
    if someone and rows and mail.is_set_up():
        mail.send(letter_of(rows, someone))


@app.periodic(cron="41 3 * * *")
@app.task(name="notices.prune", queue=QUEUE)
def prune(timestamp: int) -> None:
    """What was read a season ago, or was never shown on a page, is no longer looked for."""
    past = clock.now() - KEEP_READ
    Notice.objects.filter(Q(read_at__lt=past) | Q(on_page=False, created_at__lt=past)).delete()


def later(task: Task, *, person: int, at: datetime) -> None:
    """Queue the person's job for a moment; one that waits for that moment already will do."""
    lock = f"{task.name}:{person}:{at:%Y-%m-%dT%H:%M}"
    # without a time the worker is woken at once
    schedule_at = at if at > clock.now() else None
    with suppress(AlreadyEnqueued), transaction.atomic():
        task.configure(queueing_lock=lock, schedule_at=schedule_at).defer(person=person)


def _claim(someone: Person, rows: list[Notice], mark: str, *, again: Task) -> list[Notice]:
    """Mark what may be told now; for the rest the job comes `again` when the person may be disturbed."""
    hours, now = queries.hours(someone), clock.now()
    fresh = [row for row in rows if getattr(row, mark) is None]
    free = {row.pk: rules.free_at(now, hours, urgent=row.urgent) for row in fresh}
    claimed = queries.claim([row for row in fresh if free[row.pk] == now], mark)
    for moment in {free[row.pk] for row in fresh if row not in claimed}:
        if moment is not None:
            later(again, person=someone.pk, at=max(moment, now + GATHER))
    return claimed


def _pushes(ready: Sequence[Notice], recent: Sequence[Notice]) -> list[list[int]]:
    """Which notices make one push each: many of a group are one, and so are many groups."""
    told: list[list[Notice]] = []
    for row in ready:
        together = [other for other in (*recent, *ready) if other.group == row.group]
        if len(together) < rules.MANY:
            told.append([row])
        elif together not in told:
            told.append(together)
    if len(told) > rules.MANY:
        told = [[row for rows in told for row in rows]]
    return [[row.pk for row in rows] for rows in told]
