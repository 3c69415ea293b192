"""Every test here gets a stage: a page with the real scripts and a server that the test plays."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from .stage import Stage


@pytest.fixture
def stage(browser: Browser) -> Iterator[Stage]:
    expect.set_options(timeout=15_000)
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ru-RU")
    played = Stage(context.new_page())
    yield played
    context.close()
    assert played.troubles == []
