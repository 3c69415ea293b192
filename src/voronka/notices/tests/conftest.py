import pytest

from voronka.notices import keys, subscriptions
from voronka.testing.push_service import PushService


@pytest.fixture
def push_service(monkeypatch):
    """A stand-in that the installation trusts."""
    keys._tokens.clear()
    with PushService() as service:
        monkeypatch.setenv("VORONKA_PUSH_HOSTS", service.origin)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield service
        assert not service.faults


@pytest.fixture
def subscribe(push_service):
    """`subscribe(cast.owner)`: one more browser of the person."""

    def made(person):
        return subscriptions.subscribe(person, by=person.actor, **push_service.browser().fields)

    return made
