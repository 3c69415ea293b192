"""A person makes a token, gives it to a program, ends it."""

import re

from django.test import Client

from voronka.api.models import Token


def test_a_token_is_shown_once_works_and_ends(as_person, cast):
    browser = as_person(cast.owner)
    made = browser.post("/profile/tokens/new", {"title": "Отчёт", "scopes": ["deals:read"]}, HTTP_HX_REQUEST="true")
    assert made.status_code == 200
    secret = re.search(r"vrk_[\w-]+", made.text)[0]
    program = Client(headers={"Authorization": f"Bearer {secret}"})
    assert program.get("/api/v1/deals").status_code == 200
    page = browser.get("/profile/tokens").text
    assert "Отчёт" in page
    assert secret not in page
    browser.post(f"/profile/tokens/{Token.objects.get().pk}/end")
    assert program.get("/api/v1/deals").status_code == 401
    assert "Отчёт" not in browser.get("/profile/tokens").text


def test_nothing_typed_is_lost(as_person, cast):
    wrong = as_person(cast.owner).post("/profile/tokens/new", {"title": "", "scopes": ["tasks:write"]})
    assert wrong.status_code == 422
    assert 'id="id-title-err"' in wrong.text
    assert re.search(r'value="tasks:write"[^>]* checked', wrong.text)


def test_tokens_of_others_are_not_there(as_person, cast):
    as_person(cast.owner).post("/profile/tokens/new", {"title": "Отчёт", "scopes": ["deals:read"]})
    token = Token.objects.get()
    director = as_person(cast.director)
    assert director.post(f"/profile/tokens/{token.pk}/end").status_code == 404
    assert "Отчёт" not in director.get("/profile/tokens").text


def test_the_reference_tells_every_operation(as_person, cast):
    page = as_person(cast.owner).get("/api/v1/reference").text
    schema = Client().get("/api/v1/openapi.json").json()
    for path, operations in schema["paths"].items():
        for method, facts in operations.items():
            assert f'id="{facts["operationId"]}"' in page, (method, path)
