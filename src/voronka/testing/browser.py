"""Fixtures of the browser tests: a real system on the test's own base, and Debian's Chromium.

A browser test takes `live_system` (which makes it transactional, since another process must see its
rows), `open_page` and, when jobs have to run, `live_worker`.
"""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
DESKTOP, TABLET, PHONE = (1440, 900), (1024, 768), (390, 844)
START_SECONDS = 90
#: A real browser lives in real time: people are where it is broad day now, or «in an hour» would be tomorrow.
ZONES = ("Europe/Moscow", "America/New_York", "Pacific/Auckland", "Asia/Vladivostok")
ZONE = next(name for name in ZONES if 8 <= datetime.now(ZoneInfo(name)).hour < 16)
AXE = Path(__file__).resolve().parents[3] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"


#: Half-way through a change of theme every colour is a wrong one.
_SETTLE = """() => document.getAnimations()
    .filter((one) => one.effect.getComputedTiming().endTime !== Infinity).forEach((one) => one.finish())"""


@dataclass
class LiveSystem:
    """A real web server on the base of this xdist worker."""

    url: str
    environment: dict[str, str]
    logs: Path

    @contextmanager
    def worker(self) -> Iterator[subprocess.Popen]:
        """The job worker, for as long as the block lasts."""
        with process("worker", [], self.environment, self.logs) as running:
            ready = self.logs / "worker.log"
            wait_until(lambda: b"The worker is ready" in ready.read_bytes(), "the worker starts", ready)
            yield running


@contextmanager
def process(verb: str, arguments: list[str], environment: dict[str, str], logs: Path) -> Iterator[subprocess.Popen]:
    from voronka.cli.processes import die_with_parent

    with (logs / f"{verb}.log").open("wb") as log:
        running = subprocess.Popen(
            [sys.executable, "-m", "voronka", verb, *arguments],
            env=environment,
            stdout=log,
            stderr=log,
            preexec_fn=die_with_parent(),
        )
    try:
        yield running
    finally:
        running.terminate()
        try:
            running.wait(10)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def wait_until(happened: Callable[[], bool], what: str, log: Path, seconds: float = START_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds} s until {what}:\n{log.read_text()[-3000:]}")
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=2) as reply:
            return reply.status == 200
    except OSError:
        return False


def database_url() -> str:
    """The address of this worker's own test base, as Django made it."""
    from django.conf import settings

    base = settings.DATABASES["default"]
    host, password = quote(base["HOST"], safe=""), quote(base["PASSWORD"], safe="")
    return f"postgres://{quote(base['USER'])}:{password}@{host}:{base['PORT']}/{base['NAME']}"


@pytest.fixture(scope="session")
def _web_server(django_db_setup, tmp_path_factory) -> Iterator[LiveSystem]:
    from voronka.cli.assets import ensure_built

    if "PYTEST_XDIST_WORKER" not in os.environ:
        ensure_built()
    logs = tmp_path_factory.mktemp("live")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "VORONKA_BASE_URL": url,
        "VORONKA_EMAIL_URL": "smtp://127.0.0.1:1",  # set up, and nobody answers
        "VORONKA_SUPERVISED": "1",
        "PYTHONUNBUFFERED": "1",
    }
    with process("web", ["--port", str(port), "--workers", "1"], environment, logs):
        wait_until(lambda: answers(url), "the web server answers", logs / "web.log")
        yield LiveSystem(url, environment, logs)


@pytest.fixture
def live_system(transactional_db, _web_server: LiveSystem) -> LiveSystem:
    """A running web server that sees what the test commits: `live_system.url`."""
    return _web_server


@pytest.fixture
def live_worker(live_system: LiveSystem) -> Iterator[subprocess.Popen]:
    """Jobs and background loops run during this test."""
    with live_system.worker() as running:
        yield running


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium, one for the session; pages come from `open_page`."""
    if not shutil.which(CHROMIUM):
        pytest.fail("Chromium is missing: ./voronka test installs it, or apt install chromium")
    from playwright.sync_api import sync_playwright

    # Playwright's own loop runs in this thread, so Django takes plain tests for asynchronous ones.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        loop = asyncio._get_running_loop()
        yield chromium
        asyncio._set_running_loop(loop)
        chromium.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser on two cores sometimes gets no time when it needs it: it is asked again, and the summary says so."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Playwright's loop counts as running in this thread for good; tests without a browser must not meet it.

    The whole test is wrapped, fixtures included: Django keeps one connection for code under a running loop
    and another for code without, and a test that changed over in the middle would commit what it wrote.
    """
    loop = asyncio._get_running_loop()
    if loop is None or "browser" in getattr(item, "fixturenames", ()):
        return (yield)
    asyncio._set_running_loop(None)
    try:
        return (yield)
    finally:
        asyncio._set_running_loop(loop)


@dataclass
class Pages:
    """Opens pages as one person or another, and remembers what went wrong in them."""

    browser: object
    system: LiveSystem
    contexts: list = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def __call__(self, path: str = "/", *, person=None, size=DESKTOP, dark: bool = False, **options):
        """A page of a new browser of its own, signed in as `person` when one is given."""
        usual = {"locale": "ru-RU", "timezone_id": ZONE, "base_url": self.system.url}
        context = self.browser.new_context(  # type: ignore[attr-defined]
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            **{**usual, **options},
        )
        self.contexts.append(context)
        context.set_default_timeout(8000)
        if person is not None:
            settle(person)
            context.add_cookies([session_cookie(person, self.system.url)])
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("console", lambda message: self._note(page, message))
        page.goto(path)
        return page

    def _note(self, page, message) -> None:
        # A refused form answers 422 on purpose, a refused act 409; the browser and htmx call that an error.
        # So does a search given up because one typed on.
        refused = ("Failed to load resource", "Response Status Error Code 4", "htmx:sendAbort", "htmx:afterRequest")
        if message.type == "error" and not any(text in message.text for text in refused):
            self.faults.append(f"{page.url}: {message.text}")

    def close(self) -> None:
        for context in self.contexts:
            context.close()


@pytest.fixture
def open_page(browser, live_system: LiveSystem) -> Iterator[Pages]:
    """`open_page("/day", person=cast.owner, size=PHONE)` → a Playwright page. Errors in its console fail the test."""
    pages = Pages(browser, live_system)
    yield pages
    pages.close()
    assert not pages.faults, "errors in the browser:\n" + "\n".join(pages.faults)


def settle(person) -> None:
    """The person and the company live in the zone of the tests."""
    from voronka.kernel.models import Installation

    type(person).objects.filter(pk=person.pk).update(time_zone=ZONE)
    Installation.objects.update(time_zone=ZONE)


def session_cookie(person, url: str) -> dict:
    """Sign in without the form."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(person)
    return {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": url,
    }


def axe_faults(page) -> list[str]:
    """What axe-core finds on the page that is serious or critical."""
    # Through the protocol, so the page's content policy stays as strict as it is.
    page.evaluate(AXE.read_text())
    page.evaluate(_SETTLE)
    report = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{fault['id']}: {node['html'][:160]} ({node['failureSummary'].splitlines()[-1].strip()})"
        for fault in report["violations"]
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]


def blemishes(page) -> list[str]:
    """What is wrong with the looks of a page that follows the system's theme: overflow at three widths,
    what axe-core finds in the light at each end of them and in the dark.
    """
    found = []
    for theme, size in (("dark", DESKTOP), ("light", DESKTOP), ("light", TABLET), ("light", PHONE)):
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": size[0], "height": size[1]})
        if overflow(page) > 0:
            found.append(f"{overflow(page)} px too wide at {size[0]}")
        if size != TABLET:
            found += [f"{theme} {size[0]}: {fault}" for fault in axe_faults(page)]
    return found


def overflow(page) -> int:
    """How many pixels the page is wider than its window."""
    return page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
