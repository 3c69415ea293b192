"""A token opens what its scopes and its person's role both open, and nothing once it is ended."""

import pytest
from django.test import Client

from voronka.api.actions import issue_token, revoke_token
from voronka.api.models import Token
from voronka.kernel.errors import FieldErrors
from voronka.kernel.models import Event


def test_only_a_digest_is_kept(cast):
    token, secret = issue_token(cast.owner, by=cast.owner.actor, title="1С", scopes=["deals:read"])
    assert secret.startswith("vrk_")
    assert secret not in str(Token.objects.filter(pk=token.pk).values().get())
    assert token.ending == secret[-4:]
    assert Event.objects.get(kind="token.issued").data["title"] == "1С"


def test_a_token_needs_a_name_and_known_scopes(cast):
    with pytest.raises(FieldErrors) as wrong:
        issue_token(cast.owner, by=cast.owner.actor, title=" ", scopes=["deals:everything"])
    assert set(wrong.value.errors) == {"title", "scopes"}


def test_without_a_token_there_is_nothing(cast, as_person):
    for browser in (Client(), as_person(cast.director)):
        answer = browser.get("/api/v1/deals")
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
        assert answer["Content-Type"].startswith("application/problem+json")


def test_an_ended_token_and_one_of_somebody_switched_off_open_nothing(program, cast):
    works = program(cast.owner)
    assert works.get("/me").json()["person"] == cast.owner.pk
    cast.owner.is_active = False
    cast.owner.save()
    assert works.get("/me").status_code == 401
    cast.owner.is_active = True
    cast.owner.save()
    revoke_token(Token.objects.get(), by=cast.owner.actor)
    assert works.get("/me").status_code == 401


def test_scopes_take_away(program, office):
    reader = program(office.cast.owner, scopes=["deals:read"])
    deal = office.inquiry()
    assert reader.get(f"/deals/{deal.pk}").status_code == 200
    refused = reader.ask("patch", f"/deals/{deal.pk}", {"title": "Иное"})
    assert refused.status_code == 403
    assert "deals:write" in refused.json()["detail"]
    assert reader.get("/tasks").status_code == 403


def test_a_scope_gives_nothing_that_the_role_does_not(program, cast):
    cast.owner.role.may.remove("see_clients")
    cast.owner.role.save()
    assert program(cast.owner).get("/clients").status_code == 403


def test_the_rate_is_told_and_held(program, cast, clock, monkeypatch):
    monkeypatch.setenv("VORONKA_API_RATE", "2")
    asks = program(cast.owner)
    assert asks.get("/me")["RateLimit-Remaining"] == "1"
    assert asks.get("/me")["RateLimit-Remaining"] == "0"
    late = asks.get("/me")
    assert (late.status_code, late["RateLimit-Limit"], late.json()["code"]) == (429, "2", "too_many")
    clock.advance(seconds=int(late["Retry-After"]))
    assert asks.get("/me").status_code == 200


def test_an_address_that_leads_nowhere_is_told_as_a_problem(program, cast):
    for asks in (program(cast.owner).client, Client()):
        nowhere = asks.get("/api/v1/unicorns")
        assert (nowhere.status_code, nowhere.json()["code"]) == (404, "not_found")


def test_the_description_needs_no_token(db):
    schema = Client().get("/api/v1/openapi.json").json()
    assert {"/api/v1/deals", "/api/v1/contacts/{contact_id}", "/api/v1/events"} <= set(schema["paths"])
    assert "Problem" in schema["components"]["schemas"]
