"""Jobs of notices. Every one may run twice: a worker can die after the push service has answered."""

import uuid
from datetime import timedelta

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from voronka.kernel import clock, phone
from voronka.staff.models import Shift

from . import subscriptions
from .models import Notice, PushSubscription
from .push import Gone, Message, TryLater, send, topic_of

QUEUE = "notices"
#: An urgent push is repeated while nobody answers, so an old one is worth nothing; others wait half a day.
URGENT_SECONDS, NORMAL_SECONDS = 600, 12 * 3600
PAUSES = (2, 10, 60)
KEEP_READ = timedelta(days=90)


class Patience(BaseRetryStrategy):
    """Three more tries, after the pause the service asked for or a growing one of ours."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if not isinstance(exception, TryLater) or job.attempts >= len(PAUSES):
            return None
        return RetryDecision(retry_in={"seconds": exception.seconds or PAUSES[job.attempts]})


@app.task(name="notices.push", queue=QUEUE)
def push(*, notices: list[int]) -> None:
    """One job for every browser of whoever has not read it yet."""
    unread = list(Notice.objects.filter(pk__in=notices, read_at=None, person__is_active=True))
    away = _off_shift([notice.person_id for notice in unread])
    wanted = [notice for notice in unread if notice.urgent or notice.person_id not in away]
    browsers: dict[int, list[int]] = {}
    for pk, person in subscriptions.current([notice.person_id for notice in wanted]).values_list("pk", "person"):
        browsers.setdefault(person, []).append(pk)
    for notice in wanted:
        for browser in browsers.get(notice.person_id, ()):
            push_one.defer(notice=notice.pk, browser=browser)


@app.task(name="notices.push_one", queue=QUEUE, retry=Patience())
def push_one(*, notice: int, browser: int) -> None:
    """Send one notice to one browser, if it is still unread and the browser still the person's."""
    row = Notice.objects.filter(pk=notice, read_at=None, person__is_active=True).first()
    subscription = PushSubscription.objects.filter(pk=browser).first()
    if row is None or subscription is None or subscription.person_id != row.person_id:
        return
    try:
        send(subscription, message_of(row))
    except Gone:
        PushSubscription.objects.filter(pk=browser).delete()


@app.periodic(cron="41 3 * * *")
@app.task(name="notices.prune", queue=QUEUE)
def prune(timestamp: int) -> None:
    """What was read a season ago is no longer looked for."""
    Notice.objects.filter(read_at__lt=clock.now() - KEEP_READ).delete()


def message_of(notice: Notice) -> Message:
    """What leaves for a foreign push service: as little as tells what to do. Phones are shortened, text is cut.

    `id` names this telling of the notice: a repeat of the job has the same one, a repeat of the notice a new one.
    """
    telling = uuid.uuid5(uuid.NAMESPACE_OID, f"voronka:{notice.pk}:{notice.created_at.isoformat()}")
    payload = {
        "v": 1,
        "id": str(telling),
        "title": _private(notice.title)[:120],
        "body": _private(notice.body)[:240],
        "url": f"/notices/{notice.pk}",
        "tag": topic_of(notice.key),
        "urgent": notice.urgent,
        "ts": int(notice.created_at.timestamp()),
    }
    return Message(
        payload=payload,
        topic=topic_of(notice.key),
        ttl=URGENT_SECONDS if notice.urgent else NORMAL_SECONDS,
        urgency="high" if notice.urgent else "normal",
    )


def _private(text: str) -> str:
    """No whole phone number leaves: «+7 921 338-40-17» → «+7 921 …-17»."""
    return phone.masked(text)


def _off_shift(people: list[int]) -> set[int]:
    """Who has shifts planned but none now."""
    shifts = Shift.objects.filter(person__in=people)
    at_work = set(shifts.filter(span__contains=clock.now()).values_list("person", flat=True))
    planned = set(shifts.values_list("person", flat=True).distinct())
    return planned - at_work
