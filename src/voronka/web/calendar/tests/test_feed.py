"""A person's calendar at a secret address."""

import logging
from datetime import timedelta

import pytest
from django.test import Client
from icalendar import Calendar

from voronka.kernel import clock
from voronka.kernel.models import Event
from voronka.staff.models import Person
from voronka.tasks.actions import create_task
from voronka.tasks.actions.calendar_link import end_link, renew_link
from voronka.tasks.models import CalendarLink, TaskKind
from voronka.testing.office import Office
from voronka.web.calendar.masking import MaskSecret

HTMX = {"HTTP_HX_REQUEST": "true"}


def task(desk: Office, title: str, *, deal=None, who=None, hours: float = 3):
    who = who or desk.cast.owner
    return create_task(
        by=who.actor,
        kind=TaskKind.objects.get(key="other"),
        title=title,
        due_at=clock.now() + timedelta(hours=hours),
        responsible=who,
        minutes=45,
        deal_id=deal.pk if deal else None,
        deal_audience=deal.audience if deal else None,
        company=deal.company if deal else None,
    )


def read(secret: str) -> list:
    answer = Client().get(f"/calendar/feed/{secret}.ics")
    assert answer.status_code == 200 and answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-store"
    return Calendar.from_ical(answer.content).walk("VEVENT")


def said(secret: str) -> str:
    return " ".join(f"{event['summary']} {event.get('description', '')}" for event in read(secret))


def test_my_tasks_and_dates_and_nobody_elses(desk: Office) -> None:
    mine = task(desk, "Позвонить; срочно, сегодня", deal=desk.deal("Лена Котова"))
    task(desk, "Чужое", who=desk.cast.colleague)
    day = (clock.now() + timedelta(days=7)).date()
    deal = desk.deal("Павел", stage="picked", game_date=day.isoformat())
    found = {str(event["summary"]): event for event in read(renew_link(desk.cast.owner, by=desk.cast.owner.actor))}
    assert "Чужое" not in found
    event = found["Позвонить; срочно, сегодня"]
    assert event.decoded("dtstart") == mine.due_at.replace(microsecond=0)
    assert event.decoded("duration") == timedelta(minutes=45)
    assert "Лена Котова" in event["description"] and event["url"].endswith(f"/deals/{mine.deal_id}")
    if "game_date" in deal.fields:
        assert found["Павел"].decoded("dtstart") == day


def test_the_gate_of_the_moment(desk: Office) -> None:
    """What I may no longer see is gone from the next reading; a task of mine stays without the client's name."""
    deal = desk.deal("Тайный Клиент")
    made = task(desk, "Проверить звук", deal=deal)
    secret = renew_link(desk.cast.owner, by=desk.cast.owner.actor)
    assert "Тайный Клиент" in said(secret)
    type(deal).objects.filter(pk=deal.pk).update(audience=["s:0"], responsible=desk.cast.colleague)
    type(deal.company).objects.filter(pk=deal.company_id).update(audience=["s:0"])
    again = said(secret)
    assert "Тайный" not in again and "Проверить звук" in again
    type(made).objects.filter(pk=made.pk).update(audience=["s:0"])
    assert "Проверить звук" not in said(secret)


def test_an_ended_renewed_or_foreign_secret_is_not_there(desk: Office) -> None:
    me = desk.cast.owner
    first = renew_link(me, by=me.actor)
    second = renew_link(me, by=me.actor)
    dead = [first, "x", "x" * 500, CalendarLink.objects.get().digest]
    assert [Client().get(f"/calendar/feed/{one}.ics").status_code for one in dead] == [404] * 4
    assert Client().get(f"/calendar/feed/{second}.ics").status_code == 200
    Person.objects.filter(pk=me.pk).update(is_active=False)
    assert Client().get(f"/calendar/feed/{second}.ics").status_code == 404, "who has left reads nothing"
    Person.objects.filter(pk=me.pk).update(is_active=True)
    end_link(me, by=me.actor)
    assert Client().get(f"/calendar/feed/{second}.ics").status_code == 404


def test_the_secret_is_shown_once_and_kept_nowhere(desk: Office, as_person) -> None:
    browser = as_person(desk.cast.owner)
    shown = browser.post("/calendar/link", **HTMX).content.decode()
    secret = shown.split("/calendar/feed/")[1].split(".ics")[0]
    assert read(secret) == [] and len(secret) >= 43
    assert secret not in browser.get("/calendar/link", **HTMX).content.decode()
    assert secret not in str(list(CalendarLink.objects.values())) + str(list(Event.objects.values("data")))
    assert browser.delete("/calendar/link", **HTMX).status_code == 200
    assert Client().get(f"/calendar/feed/{secret}.ics").status_code == 404


def test_no_log_holds_it(desk: Office, monkeypatch, caplog) -> None:
    secret = renew_link(desk.cast.owner, by=desk.cast.owner.actor)
    monkeypatch.setattr("voronka.web.calendar.feed.items_for", lambda person: 1 / 0)
    client = Client(raise_request_exception=False)
    caplog.handler.addFilter(MaskSecret())
    with caplog.at_level(logging.DEBUG):
        assert client.get(f"/calendar/feed/{secret}.ics").status_code == 500
    assert "/calendar/feed/***" in caplog.text and secret not in caplog.text


def test_every_handler_of_ours_masks(settings) -> None:
    assert all("secrets" in handler["filters"] for handler in settings.LOGGING["handlers"].values())


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_is_only_read(desk: Office, method: str) -> None:
    secret = renew_link(desk.cast.owner, by=desk.cast.owner.actor)
    assert getattr(Client(), method)(f"/calendar/feed/{secret}.ics").status_code == 405
