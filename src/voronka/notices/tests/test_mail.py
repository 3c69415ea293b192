"""Letters through a real SMTP server on loopback."""

from datetime import time
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from django.db import transaction
from environ import Env
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from voronka.notices import jobs, queries
from voronka.notices.actions import choose, mark_all_read, notify
from voronka.notices.models import Notice
from voronka.notices.push import TryLater
from voronka.testing.browser import free_port

from .jobs import run_jobs

pytestmark = pytest.mark.django_db


class Box:
    """The handler of the server: keeps letters, or answers as it is told."""

    def __init__(self) -> None:
        self.letters = []
        self.answer = ""

    async def handle_DATA(self, server, session, envelope) -> str:
        if self.answer:
            return self.answer
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def box(settings):
    box = Box()
    server = Controller(box, hostname="127.0.0.1", port=free_port(), ready_timeout=20)
    server.start()
    settings.EMAIL_URL = f"smtp://127.0.0.1:{server.port}"
    settings.BASE_URL = "https://crm.example.ru"
    settings.DEFAULT_FROM_EMAIL = "crm@example.ru"
    for name, value in Env.email_url_config(settings.EMAIL_URL).items():
        setattr(settings, name, value)
    yield box
    server.stop()


def wants_letters(person, **quiet):
    facts = {"quiet_from": None, "quiet_till": None, "urgent_anyway": True, "on_shift_only": True, **quiet}
    choose(person, by=person.actor, channels={"rule": ["page", "email"], "urgent": ["email"]}, **facts)


def tell(person, number=1, **changed):
    facts = {"kind": "rule", "key": f"late:{number}", "title": f"Клиент {number} ждёт", "url": f"/deals/{number}"}
    with transaction.atomic():
        notify([person], **{**facts, **changed})


def pass_a_minute(clock):
    run_jobs()
    clock.advance(minutes=1, seconds=1)
    run_jobs()


def test_a_letter_comes_to_whoever_asked_for_it_and_leads_to_the_place(cast, box, clock):
    wants_letters(cast.owner)
    tell(cast.owner, title="Клиент\nждёт +7 921 338-40-17", body="Пять минут")
    tell(cast.colleague)
    pass_a_minute(clock)
    (letter,) = box.letters
    assert letter["To"] == cast.owner.email and letter["From"] == "crm@example.ru"
    assert letter["Subject"].startswith("Клиент ждёт +7") and "338" not in letter.as_string()
    text = letter.get_content()
    assert f"https://crm.example.ru/notices/{Notice.objects.get(person=cast.owner).pk}" in text
    assert "Пять минут" in text and "https://crm.example.ru/profile#notices" in text


def test_what_came_in_a_minute_is_one_letter(cast, box, clock):
    wants_letters(cast.owner)
    for number in range(25):
        tell(cast.owner, number, heading="Заявка ждёт")
    pass_a_minute(clock)
    (letter,) = box.letters
    assert letter["Subject"] == "Заявка ждёт: 25"
    assert letter.get_content().count("/notices/") == 20 and "И ещё 5." in letter.get_content()


def test_what_was_read_at_once_is_not_written_about(cast, box, clock):
    wants_letters(cast.owner)
    tell(cast.owner)
    run_jobs()
    mark_all_read(cast.owner, by=cast.owner.actor)
    clock.advance(minutes=2)
    run_jobs()
    assert box.letters == []


def test_a_repeat_of_an_unread_notice_is_not_written_about_again(cast, box, clock):
    wants_letters(cast.owner)
    for _time in range(3):
        tell(cast.owner)
        pass_a_minute(clock)
    assert len(box.letters) == 1


def test_in_quiet_hours_a_letter_waits(cast, box, clock):
    wants_letters(cast.owner, quiet_from=time(11), quiet_till=time(13))  # it is noon
    tell(cast.owner)
    pass_a_minute(clock)
    assert box.letters == []
    clock.advance(hours=1)
    run_jobs()
    assert len(box.letters) == 1


def test_without_a_mail_server_nothing_is_queued(cast, settings, clock):
    settings.EMAIL_URL = ""
    wants_letters(cast.owner)
    tell(cast.owner)
    run_jobs()
    assert not ProcrastinateJob.objects.exists()


@pytest.mark.parametrize("answer", ["451 later", "away"])
def test_a_server_that_cannot_now_is_asked_again_and_the_letter_is_the_same_one(cast, box, clock, settings, answer):
    wants_letters(cast.owner)
    tell(cast.owner)
    facts = {"notices": [Notice.objects.get().pk], "person": cast.owner.pk}
    box.answer, port = answer, settings.EMAIL_PORT
    if answer == "away":
        settings.EMAIL_PORT = 1
    with pytest.raises(TryLater) as later:
        jobs.write_one.func(**facts)
    job = Job(id=1, queue="notices", lock=None, queueing_lock=None, task_name="notices.write_one", attempts=0)
    assert jobs.Patience().get_retry_decision(exception=later.value, job=job)
    box.answer, settings.EMAIL_PORT = "", port
    for _time in range(2):
        jobs.write_one.func(**facts)
    assert len({letter["Message-ID"] for letter in box.letters}) == 1


def test_a_letter_that_is_refused_for_good_is_dropped(cast, box):
    wants_letters(cast.owner)
    tell(cast.owner)
    box.answer = "550 no such person"
    jobs.write_one.func(notices=[Notice.objects.get().pk], person=cast.owner.pk)
    assert box.letters == []


def test_a_switched_off_person_gets_no_letter(cast, box, clock):
    wants_letters(cast.owner)
    tell(cast.owner)
    cast.owner.is_active = False
    cast.owner.save()
    pass_a_minute(clock)
    assert box.letters == [] and queries.unread_count(cast.owner) == 1
