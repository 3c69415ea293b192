"""Marquiz's quizzes: JSON and bracket keys, answers as texts and lists (IN-1)."""

import json

import pytest

from voronka.clients.models import Identity
from voronka.deals.models import Deal
from voronka.intake.models import Entry
from voronka.kernel.models import Event

from .conftest import Post
from .senders import quiz, quiz_as_form


@pytest.fixture
def marquiz(source):
    return source("marquiz", title="Квиз", channel="quiz", mapping={"Сколько игроков?": "deal.players"})


def as_json(source, body) -> Post:
    return Post(source, json.dumps(body, ensure_ascii=False), "application/json")


def as_form(source, body) -> Post:
    return Post(source, quiz_as_form(body))


@pytest.mark.parametrize("encoded", [as_json, as_form])
def test_a_quiz_becomes_a_deal(marquiz, deliver, drain, encoded):
    (answer,) = deliver(encoded(marquiz, quiz()))
    assert (answer.status_code, answer.json()) == (200, {"ok": True})

    drain()
    deal = Deal.objects.get()
    assert (deal.title, deal.contact.name, deal.channel) == ("Подбор квеста", "Анна", "quiz")
    assert set(Identity.objects.values_list("kind", "value")) == {
        ("phone", "+79001234567"),
        ("email", "a@example.ru"),
        ("telegram", "anna"),
    }
    assert deal.utm == {"source": "yandex", "medium": "cpc", "campaign": "camp1", "term": "kvest"}
    assert deal.first_touch["clicks"]["roistat"] == "123456"
    assert deal.first_touch["referrer"] == "https://ya.example/"
    answers = dict(map(tuple, Event.objects.get(kind="inquiry.received").data["answers"]))
    assert answers["Какой жанр?"] == "Хоррор"
    assert answers["Что важно?"] == "Цена, Срок"
    assert "Набор А" in answers.values() and "10%" in answers.values()


def test_a_question_may_fill_a_field(marquiz, deliver, drain):
    deliver(as_json(marquiz, quiz(answers=[{"q": "Сколько игроков?", "a": "7"}])))
    drain()

    assert Deal.objects.get().fields["players"] == 7


def test_an_answer_that_does_not_fit_its_field_stays_an_answer(marquiz, deliver, drain):
    deliver(as_json(marquiz, quiz(answers=[{"q": "Сколько игроков?", "a": "человек семь"}])))
    drain()

    assert "players" not in Deal.objects.get().fields
    answers = Event.objects.get(kind="inquiry.received").data["answers"]
    assert "человек семь" in [value for _question, value in answers]


def test_a_question_named_like_a_contact_is_only_a_question(marquiz, deliver, drain):
    deliver(as_json(marquiz, quiz(answers=[{"q": "Телефон", "a": "айфон, +7 999 111-22-33"}])))

    (entry,) = drain()
    assert entry.parsed["phones"] == ["+79001234567"]


def test_the_same_submission_in_both_encodings_is_one(marquiz, deliver, drain):
    deliver(as_json(marquiz, quiz()), as_form(marquiz, quiz()))
    drain()

    assert sorted(Entry.objects.values_list("account", flat=True)) == ["deal", "duplicate"]


def test_another_submission_of_the_same_person_joins_the_deal(marquiz, deliver, drain):
    deliver(as_json(marquiz, quiz()))
    deliver(as_json(marquiz, quiz(created="2026-05-05T11:00:00.000Z")))
    drain()

    assert sorted(Entry.objects.values_list("account", flat=True)) == ["attached", "deal"]
    assert Deal.objects.count() == 1


@pytest.mark.parametrize(
    "broken",
    [
        {"contacts": []},
        {"contacts": None, "answers": "нет"},
        {"contacts": {"phone": {"a": 1}}},
        {"extra": {"utm": [], "cookies": "a=b"}},
        {"answers": {"x": {"q": 1, "a": {"b": []}}}},
        {"quiz": "строка", "result": ["список"]},
    ],
)
def test_unexpected_shapes_come_to_an_account(marquiz, deliver, drain, broken):
    deliver(as_json(marquiz, quiz(**broken)))

    (entry,) = drain()
    assert entry.account in ("deal", "failed", "rejected")
    assert entry.account == "deal" or entry.reason
