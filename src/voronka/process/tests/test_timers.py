"""Moments that follow from facts: dates, deadlines, silence, birthdays, the clock, messages; a changed fact changes them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from voronka.clients.actions import change_contact
from voronka.clients.models import Company
from voronka.deals.actions import change_deal, take_deal
from voronka.kernel import actor
from voronka.kernel.events import Refs, record
from voronka.process import outlook, ticker
from voronka.process.models import Firing
from voronka.tasks.actions import change_task
from voronka.tasks.models import Task

pytestmark = pytest.mark.django_db

MOSCOW = ZoneInfo("Europe/Moscow")


def rule(when: str, title: str = "Сделать", more: str = "", for_: str = "responsible") -> str:
    return f"""\
  - key: timed
    title: По времени
    when: {when}
{more}    then:
      - {{do: create_task, kind: call, title: "{title}", due: 1 hour, for: {for_}}}
"""


def made() -> list[str]:
    return list(Task.objects.filter(rule="timed").order_by("id").values_list("title", flat=True))


def at(clock, text: str) -> None:
    clock.set(datetime.fromisoformat(text).replace(tzinfo=MOSCOW).astimezone(UTC))


@pytest.fixture
def beating(clock):
    """The worker has been looking for a while; it is Monday."""
    at(clock, "2026-11-23T09:00")
    ticker.tick()
    return clock


@pytest.fixture
def taken(inquiry, process_of, quests, beating):
    def made_by(rules: str, name: str = "Ирина Соколова"):
        process_of(rules)
        return take_deal(inquiry(name).pk, by=quests.owner.actor)

    return made_by


def test_a_date_that_moves_takes_its_moment_along(taken, quests, clock):
    deal = taken(rule("{event: date_field, at: 1 day before game_date at 12:00}", "Напомнить: {client}"))
    change_deal(deal.pk, by=quests.owner.actor, values={"game_date": "27.11.2026"})
    deal.refresh_from_db()
    (coming,) = [one for one in outlook.what_next(deal) if one.rule == "timed"]
    assert coming.at == datetime(2026, 11, 26, 9, tzinfo=UTC) and "Ирина Соколова" in coming.text
    change_deal(deal.pk, by=quests.owner.actor, values={"game_date": "28.11.2026"})
    at(clock, "2026-11-26T12:01")
    ticker.tick()
    assert made() == []
    at(clock, "2026-11-27T12:01")
    for _ in range(2):
        ticker.tick()
    assert made() == ["Напомнить: Ирина Соколова"]
    change_deal(deal.pk, by=quests.owner.actor, values={"game_date": "30.11.2026"})
    at(clock, "2026-11-29T12:01")
    ticker.tick()
    assert len(made()) == 2


def test_a_field_with_an_hour_counts_to_the_minute(taken, quests, clock):
    deal = taken(rule("{event: date_field, at: 2 hours before game_date at game_time, funnels: [first]}"))
    change_deal(deal.pk, by=quests.owner.actor, values={"game_date": "25.11.2026", "game_time": "15:30"})
    at(clock, "2026-11-25T13:29")
    ticker.tick()
    assert made() == []
    at(clock, "2026-11-25T13:30")
    ticker.tick()
    assert made() == ["Сделать"]


def test_an_overdue_task_is_told_of_and_a_new_deadline_counts_anew(taken, quests, clock):
    deal = taken(rule("{event: task_overdue, kinds: [mail], after: 1 hour, every: 2 hours}", for_="{role: head}"))
    from voronka.tasks.actions import create_task
    from voronka.tasks.models import TaskKind

    task = create_task(
        by=quests.owner.actor, kind=TaskKind.objects.get(key="mail"), title="Письмо", due_at=clock.now(),
        deal_id=deal.pk, company=deal.company, deal_audience=deal.audience, responsible=quests.owner,
    )  # fmt: skip
    clock.advance(minutes=59)
    ticker.tick()
    assert made() == []
    clock.advance(minutes=1)
    ticker.tick()
    clock.advance(hours=4, minutes=30)
    for _ in range(2):
        ticker.tick()
    assert list(Firing.objects.filter(rule="timed").order_by("turn").values_list("turn", flat=True)) == [1, 3]
    change_task(task.pk, by=quests.owner.actor, due_at=clock.now() + timedelta(hours=1))
    clock.advance(hours=1)
    ticker.tick()
    assert len(made()) == 2
    clock.advance(hours=1)
    ticker.tick()
    assert len(made()) == 3


def test_silence_is_counted_from_the_last_word_with_the_client(taken, clock):
    deal = taken(rule("{event: no_interaction, after: 1 week}", "Позвонить: {client}", for_="client_manager"))
    clock.advance(days=6)
    Company.objects.filter(pk=deal.company_id).update(last_interaction_at=clock.now())
    clock.advance(days=2)
    ticker.tick()
    assert made() == []
    clock.advance(days=5)
    for _ in range(2):
        ticker.tick()
    task = Task.objects.get(rule="timed")
    assert (task.title, task.deal_id, task.company_id) == ("Позвонить: Ирина Соколова", None, deal.company_id)
    assert task.responsible == deal.responsible


def test_a_birthday_comes_once_a_year_and_the_leap_day_on_the_28th(taken, quests, clock):
    deal = taken(rule("{event: birthday, before: 1 day, at: '10:00'}", "Поздравить {client}"))
    change_contact(deal.contact_id, by=quests.owner.actor, values={"birthday": date(1988, 2, 29)})
    for moment, known in (("2027-02-26T11:00", 0), ("2027-02-27T10:00", 1), ("2027-02-28T10:00", 1)):
        at(clock, moment)
        ticker.tick()
        assert len(made()) == known, moment
    at(clock, "2028-02-28T10:00")
    ticker.tick()
    assert len(made()) == 2


def test_a_clock_of_the_company_fires_for_each_that_fits_and_an_outage_only_once(taken, inquiry, quests, clock):
    when = "{event: schedule, at: '09:30', days: [mon-fri], each: deal}"
    condition = '    if: [players, ">=", 10]\n'
    deal = taken(rule(when, "Проверить {client}", more=condition))
    inquiry("Пётр Ильин")
    change_deal(deal.pk, by=quests.owner.actor, values={"players": "12"})
    at(clock, "2026-11-23T09:29")
    ticker.tick()
    assert made() == []
    at(clock, "2026-11-23T09:30")
    for _ in range(2):
        ticker.tick()
    assert made() == ["Проверить Ирина Соколова"]
    at(clock, "2026-11-28T12:00")  # Saturday, after four days without a worker
    ticker.tick()
    assert len(made()) == 2


def test_a_message_without_an_answer(taken, quests, clock, monkeypatch):
    monkeypatch.setattr("voronka.wiring.PARTS", {"inbox": "builtins.bool"})
    monkeypatch.setattr("voronka.process.parts.is_at_work", lambda part: True)
    deal = taken(rule("{event: message_unanswered, after: 10 minutes}"))

    def said(kind: str) -> None:
        refs = Refs(deal=deal.pk, company=deal.company_id, funnel=deal.funnel_id, stage=deal.stage_id)
        with transaction.atomic():
            record(kind, refs, by=actor.client("email"), data={"channel": "email", "text": "…"})

    said("message.received")
    clock.advance(minutes=5)
    said("message.sent")
    clock.advance(minutes=10)
    ticker.tick()
    assert made() == []
    said("message.received")
    clock.advance(minutes=10)
    for _ in range(2):
        ticker.tick()
    assert made() == ["Сделать"]


def test_a_stay_is_counted_in_the_working_hours_of_the_funnel(taken, clock):
    calendar = "calendars: [{key: office, title: Офис, hours: {mon-fri: '09:00-18:00'}}]\n"
    deal = taken(rule("{event: stage_time, stages: [first/taken], after: 3 hours, clock: always}"))
    assert deal.stage.key == "taken"
    from voronka.presets import catalogue
    from voronka.process.actions import activate

    text = catalogue.text("quests").replace(
        "calendars:\n  - {key: always, title: Без выходных, hours: always}\n", calendar
    )
    text = text.replace("calendar: always", "calendar: office")
    rules = rule("{event: stage_time, stages: [first/taken], after: 12 hours}")
    activate(text[: text.index("\nrules:")] + "\nrules:\n" + rules, by=actor.system("test"))
    at(clock, "2026-11-24T11:59")
    ticker.tick()
    assert made() == []
    at(clock, "2026-11-24T12:00")  # nine hours of Monday and three of Tuesday
    ticker.tick()
    assert made() == ["Сделать"]
    from voronka.deals import limits

    deal.refresh_from_db()
    deal.stage.refresh_from_db()
    assert limits.limit_at(deal.stage, deal.stage_entered_at) == datetime(2026, 11, 24, 6, tzinfo=UTC)
    assert limits.used(deal) == pytest.approx(12 / 9)
