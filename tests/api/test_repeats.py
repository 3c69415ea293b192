"""Idempotency-Key: a write sent twice is done once."""

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.client import encode_multipart

from voronka.api.jobs import forget_answers
from voronka.api.models import KeptAnswer, Token
from voronka.clients.models import Note


@pytest.fixture
def deal(office):
    return office.deal(by=office.cast.owner)


@pytest.fixture
def note(program, office, deal):
    mine = program(office.cast.owner)
    return lambda text, key="k-1": mine.ask("post", f"/deals/{deal.pk}/notes", {"text": text}, Idempotency_Key=key)


def test_a_repeat_gets_the_same_answer(note):
    first, again = note("Раз"), note("Раз")
    assert (first.status_code, again.status_code) == (201, 201)
    assert (first.content, again["Idempotency-Replayed"]) == (again.content, "true")
    assert Note.objects.count() == 1
    assert note("Раз", "k-2").json()["id"] != first.json()["id"]


def test_a_form_is_the_same_whatever_its_boundary(program, office, deal):
    mine = program(office.cast.owner).client
    address, key = f"/api/v1/deals/{deal.pk}/files", {"Idempotency-Key": "k-1"}

    def send(content: bytes, boundary: str):
        body = encode_multipart(boundary, {"files": SimpleUploadedFile("план.txt", content)})
        return mine.generic("POST", address, body, f"multipart/form-data; boundary={boundary}", headers=key)

    first, again = send(b"a", "one"), send(b"a", "two")
    assert (first.status_code, again["Idempotency-Replayed"], again.content) == (201, "true", first.content)
    assert send(b"b", "three").json()["code"] == "key_reused"


def test_the_key_of_another_request_is_refused(note):
    note("Раз")
    other = note("Два")
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")


def test_after_a_day_the_key_is_free(note, clock):
    note("Раз")
    clock.advance(hours=25)
    assert note("Два").status_code == 201
    clock.advance(hours=25)
    forget_answers(0)
    assert not KeptAnswer.objects.exists()


def test_a_refusal_is_kept_too(note):
    assert note("").status_code == 422
    assert note("")["Idempotency-Replayed"] == "true"


@pytest.mark.django_db(transaction=True)
def test_a_second_one_in_flight_is_told_so(note):
    """Another process holds the key; it must not be waited for."""
    facts = {**connection.get_connection_params()}
    address = psycopg.conninfo.make_conninfo(
        **{key: facts[key] for key in ("dbname", "user", "password", "host", "port") if facts.get(key)}
    )
    with psycopg.connect(address) as other:
        other.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s::text, 0))", [f"api:{Token.objects.get().pk}:k-1"]
        )
        answer = note("Раз")
    assert (answer.status_code, answer.json()["code"]) == (409, "in_flight")
    assert not Note.objects.exists()
    assert note("Раз").status_code == 201


def test_what_broke_here_may_be_tried_again(note, monkeypatch):
    def broken(*args, **more):
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("voronka.api.resources.notes.deals.add_note", broken)
        answer = note("Раз")
        assert (answer.status_code, answer.json()["code"]) == (500, "broken")
    assert note("Раз").status_code == 201
