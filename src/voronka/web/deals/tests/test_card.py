"""The card over HTTP: its cost, its answers, and what an attacker would try."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from voronka.deals.actions import add_note, move_deal
from voronka.deals.models import Deal
from voronka.kernel import clock as kernel_clock
from voronka.tasks.models import Task
from voronka.testing.office import Office
from voronka.web.deals.names import is_she
from voronka.web.deals.steps import quick_choices

FORM = "application/x-www-form-urlencoded"
MOST_QUERIES = 15


def put(browser, url: str, body: str):
    return browser.put(url, body, content_type=FORM, headers={"HX-Request": "true"})


def test_the_number_of_queries_does_not_grow_with_the_history(office: Office, as_person):
    deal = office.deal()
    add_note(deal.pk, by=office.cast.owner.actor, text="Заметка")
    office.step(deal)
    browser = as_person(office.cast.owner)
    browser.get(f"/deals/{deal.pk}")
    with CaptureQueriesContext(connection) as short:
        browser.get(f"/deals/{deal.pk}")
    for number in range(40):
        add_note(deal.pk, by=office.cast.owner.actor, text=f"Заметка {number}")
        office.step(deal, hours=number + 1)
    with CaptureQueriesContext(connection) as long:
        browser.get(f"/deals/{deal.pk}")
    # One more, the counts of the tabs, once there is more than a page.
    assert len(long) <= len(short) + 1, [query["sql"][:90] for query in long]
    assert len(long) <= MOST_QUERIES, "\n".join(query["sql"][:140] for query in long)


def test_over_the_board_only_the_inside_is_sent(office: Office, as_person):
    deal = office.deal()
    browser = as_person(office.cast.owner)
    inside = browser.get(f"/deals/{deal.pk}", headers={"HX-Request": "true", "HX-Target": "card"}).content
    whole = browser.get(f"/deals/{deal.pk}").content
    assert b"<!doctype" not in inside.lower()
    assert b"<!doctype" in whole.lower()
    assert b'id="card-head"' in inside
    assert b'id="card-head"' in whole


def test_hints_tell_each_stage(office: Office, as_person):
    deal = office.deal(stage="picked")
    told = as_person(office.cast.owner).get(f"/deals/{deal.pk}/moves").json()["stages"]
    assert "время" in told[str(office.stage("booked").pk)]["on_drop"]
    assert told[str(office.stage("unsorted").pk)]["locked"]
    assert str(deal.stage_id) not in told


def test_a_missing_field_is_asked_by_a_dialog(office: Office, as_person):
    deal = office.deal(stage="picked")
    browser, url = as_person(office.cast.owner), f"/deals/{deal.pk}/stage"
    booked = office.stage("booked").pk
    asked = put(browser, url, f"stage={booked}")
    assert asked.status_code == 422
    page = asked.content.decode()
    assert all(f'name="{key}"' in page for key in ("game_date", "game_time", "location", "programme"))
    assert "aria-invalid" not in page
    wrong = put(browser, url, f"stage={booked}&asked=game_date&asked=game_time&game_date=2026-12-05&game_time=поздно")
    page = wrong.content.decode()
    assert wrong.status_code == 422
    assert 'value="2026-12-05"' in page
    assert 'value="поздно"' in page
    assert "aria-invalid" in page


def test_a_move_tells_how_to_take_it_back(office: Office, as_person):
    deal = office.deal()
    answer = put(as_person(office.cast.owner), f"/deals/{deal.pk}/stage", f"stage={office.stage('picked').pk}")
    toast = json.loads(answer.headers["HX-Trigger"])["toast"]
    assert toast["undo"]["url"] == f"/deals/{deal.pk}/stage/undo"


def test_only_what_was_asked_is_written(office: Office, as_person):
    """The form of a move cannot smuggle other fields in."""
    deal = office.deal()
    picked = office.stage("picked").pk
    put(as_person(office.cast.owner), f"/deals/{deal.pk}/stage", f"stage={picked}&amount=1&budget=5")
    moved = Deal.objects.get(pk=deal.pk)
    assert moved.stage_id == picked
    assert (moved.amount, moved.fields.get("budget")) == (0, None)


@pytest.mark.parametrize("stage", ["", "0", "abc", "99999999999999999999", "-1"])
def test_a_wrong_stage_is_not_found(office: Office, as_person, stage: str):
    deal = office.deal()
    assert put(as_person(office.cast.owner), f"/deals/{deal.pk}/stage", f"stage={stage}").status_code == 404


@pytest.mark.parametrize(
    ("key", "text", "kept"),
    [
        ("players", "8", 8),
        ("budget", "20 000 ₽", "20000.00"),
        ("game_date", "05.12.2026", "2026-12-05"),
        ("game_time", "15.30", "15:30"),
    ],
)
def test_a_typed_text_becomes_a_value(office: Office, as_person, key: str, text: str, kept: object):
    deal = office.deal()
    answer = as_person(office.cast.owner).patch(f"/deals/{deal.pk}/fields", f"{key}={text}&version=", content_type=FORM)
    assert answer.status_code == 200
    assert f'id="field-{key}"' in answer.content.decode()
    assert Deal.objects.get(pk=deal.pk).fields[key] == kept


def test_the_conflict_of_a_field_tells_both_values(office: Office, as_person):
    deal = office.deal()
    first, second = as_person(office.cast.owner), as_person(office.cast.partner)
    url = f"/deals/{deal.pk}/fields"
    assert first.patch(url, "players=8&version=", content_type=FORM).status_code == 200
    late = second.patch(url, "players=9&version=", content_type=FORM)
    assert late.status_code == 409
    told = late.json()
    assert (told["theirs"], told["theirs_text"], told["version"]) == ("8", "8\xa0чел.", "8")
    assert second.patch(url, "players=9&version=8", content_type=FORM).status_code == 200


def test_a_wrong_value_names_its_field(office: Office, as_person):
    deal = office.deal()
    answer = as_person(office.cast.owner).patch(
        f"/deals/{deal.pk}/fields", "players=много", content_type=FORM, headers={"HX-Request": "true"}
    )
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["players"])


def test_an_empty_note_and_a_late_step_are_refused(office: Office, as_person):
    deal = office.deal()
    browser = as_person(office.cast.owner)
    note = browser.post(f"/deals/{deal.pk}/notes", {"text": "  "}, headers={"HX-Request": "true"})
    assert (note.status_code, list(note.json()["errors"])) == (422, ["text"])
    past = {"kind": "call", "text": "Позвонить", "when": "at", "due_at": "2020-01-01T10:00"}
    step = browser.post(f"/deals/{deal.pk}/tasks", past, headers={"HX-Request": "true"})
    assert (step.status_code, list(step.json()["errors"])) == (422, ["due_at"])


def test_a_task_of_another_deal_is_not_found(office: Office, as_person):
    deal, other = office.deal(), office.deal("Другой")
    task = office.step(other)
    browser = as_person(office.cast.owner)
    assert browser.get(f"/deals/{deal.pk}/tasks/{task.pk}/result").status_code == 404
    assert put(browser, f"/deals/{deal.pk}/tasks/{task.pk}/deadline", "when=week").status_code == 404
    assert Task.objects.get(pk=task.pk).done_at is None


def test_markup_in_names_is_text(office: Office, as_person):
    deal = office.deal("<script>alert(1)</script>")
    add_note(deal.pk, by=office.cast.owner.actor, text="<img src=x onerror=alert(1)>")
    page = as_person(office.cast.owner).get(f"/deals/{deal.pk}").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_taking_and_the_move_it_brings_are_one_sentence(office: Office, as_person):
    deal = office.inquiry()
    as_person(office.cast.owner).post(f"/deals/{deal.pk}/taking")
    page = as_person(office.cast.owner).get(f"/deals/{deal.pk}").content.decode()
    assert "взяла за" in page
    assert "«Неразобранное» → <b>«Взято в работу»</b>" in page
    assert "перенесла в <b>«Взято" not in page


def test_quick_choices_lie_ahead(clock):
    now = kernel_clock.now()
    assert all(choice.at > now + timedelta(minutes=30) for choice in quick_choices())


@pytest.mark.parametrize(
    ("name", "she"),
    [
        ("Мария Тен", True),
        ("Илья Гром", False),
        ("Никита Орлов", False),
        ("Любовь Орлова", True),
        ("Олег", False),
        ("", False),
    ],
)
def test_the_sentence_follows_the_name(name: str, she: bool):
    assert is_she(name) is she


def test_moves_need_the_token(office: Office):
    """CSRF: another site cannot move a deal with a signed-in person's cookies."""
    deal = office.deal()
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(office.cast.owner)
    assert put(browser, f"/deals/{deal.pk}/stage", f"stage={office.stage('picked').pk}").status_code == 403
    move_deal(deal.pk, by=office.cast.owner.actor, to=office.stage("picked"))
