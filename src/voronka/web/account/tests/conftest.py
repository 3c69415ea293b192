import pytest

from voronka.web.middleware import PersonMiddleware


@pytest.fixture(autouse=True)
def forget_that_it_is_installed(monkeypatch):
    """The middleware remembers for ever that there is a company; tests go back to the time before."""
    monkeypatch.setattr(PersonMiddleware, "installed", False)
