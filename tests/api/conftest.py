"""A program with a token: `program(cast.owner)` is a client that sends it with every request."""

import json
from typing import Any

import pytest
from django.test import Client

from voronka.api.actions import issue_token
from voronka.api.scopes import SCOPES


class Program:
    """What another system would do over HTTP, with JSON in and out."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self.client = Client(headers={"Authorization": f"Bearer {secret}"})

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        content = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return getattr(self.client, method)(f"/api/v1{path}", headers=named, **content)

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1{path}", query)


@pytest.fixture
def program(db):
    def made(person, *, scopes=SCOPES) -> Program:
        _token, secret = issue_token(person, by=person.actor, title="Склад", scopes=scopes)
        return Program(secret)

    return made
