"""Fixtures for every test; loaded by the root conftest."""

import pytest


@pytest.fixture
def cast(db):
    """People of every role; see `voronka.testing.cast`."""
    from voronka.testing.cast import hire_cast

    return hire_cast()


@pytest.fixture
def as_person(db):
    """Sign in somebody: `as_person(cast.owner).get("/day")`. One call, one browser of its own."""
    from django.test import Client

    def signed_in(person) -> Client:
        browser = Client()
        browser.force_login(person)
        return browser

    return signed_in
