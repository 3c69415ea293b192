"""The snippet on a page of a foreign site: it draws or binds a form, brings marks along, and does not lose what it could not send."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from voronka.intake.actions import register_source
from voronka.intake.models import Entry
from voronka.intake.queries import entry_pairs
from voronka.kernel import actor
from voronka.testing.browser import wait_until
from voronka.testing.cast import hire_cast

pytestmark = pytest.mark.browser

BOUND = """<form data-voronka action="/nowhere"><input name="Имя"><input name="Телефон"><input name="website" hidden>
<button>Записаться</button></form>"""


class ForeignSite(BaseHTTPRequestHandler):
    """Serves one page whatever is asked."""

    def __init__(self, *given, page: str) -> None:
        self.page = page
        super().__init__(*given)

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(self.page.encode())

    def log_message(self, *_given) -> None:
        """Silence."""


@pytest.fixture
def foreign_site() -> Iterator[Callable[[str], str]]:
    """`foreign_site(html)`: the address of a site of its own origin that serves it."""
    servers = []

    def serve(page: str) -> str:
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(ForeignSite, page=page))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def source(live_system):
    cast = hire_cast()
    return register_source(
        by=actor.system("test"), title="Сайт", profile="form", brand=cast.brand, origins=["*"], per_address=1000
    )


@pytest.fixture
def page_with(source, live_system, foreign_site, open_page):
    """`page_with(html)`: a browser on the foreign page with the snippet, come from an advertisement."""

    def opened(html: str = ""):
        address = foreign_site(
            f'<!doctype html><meta charset="utf-8">{html}<script src="{live_system.url}/in/{source.key}/form.js"></script>'
        )
        page = open_page()
        page.goto(f"{address}/podbor?utm_source=yandex&utm_campaign=osen&yclid=42")
        return page

    return opened


def test_the_drawn_form_brings_the_visit_along(page_with):
    page = page_with()
    page.wait_for_timeout(1100)
    page.get_by_label("Ваше имя").fill("Ирина")
    page.get_by_label("Телефон").fill("+7 921 338-40-17")
    page.get_by_role("button", name="Отправить").click()
    page.get_by_text("Спасибо! Скоро перезвоним.").wait_for()

    pairs = dict(entry_pairs(Entry.objects.select_related("source").get()))
    assert (pairs["name"], pairs["utm_source"], pairs["utm_campaign"], pairs["yclid"]) == (
        "Ирина",
        "yandex",
        "osen",
        "42",
    )
    assert pairs["page"].endswith("yclid=42")
    assert len(pairs["submission_id"]) == 32


def test_marks_stay_with_the_visitor_on_the_next_page(page_with):
    page = page_with(BOUND)
    page.goto(page.url.split("?")[0])
    page.fill("[name=Телефон]", "89213384017")
    page.get_by_role("button").click()
    page.get_by_text("Спасибо!").wait_for()

    assert dict(entry_pairs(Entry.objects.select_related("source").get()))["utm_source"] == "yandex"


def test_what_is_wrong_is_said_and_the_corrected_form_counts(page_with):
    page = page_with(BOUND)
    page.fill("[name=Имя]", "Ирина")
    page.get_by_role("button").click()
    page.get_by_text("Оставьте телефон или почту.").wait_for()
    page.fill("[name=Телефон]", "89213384017")
    page.get_by_role("button").click()
    page.get_by_text("Спасибо!").wait_for()

    assert Entry.objects.filter(duplicate_of=None).count() == 2


def test_without_a_connection_it_waits_and_is_sent_once(page_with, live_system):
    page = page_with(BOUND)
    page.fill("[name=Телефон]", "89213384017")
    page.context.set_offline(True)
    page.get_by_role("button").click()
    page.get_by_text("Нет связи.").wait_for()
    assert not Entry.objects.exists()

    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    wait_until(Entry.objects.exists, "the form is sent", live_system.logs / "web.log", 20)
    page.wait_for_timeout(4000)
    assert Entry.objects.filter(duplicate_of=None).count() == 1
    assert page.evaluate("Object.keys(localStorage).filter(k => k.includes('outbox')).map(k => localStorage[k])") == [
        "[]"
    ]


def test_the_hosted_page_works_by_itself(source, live_system, open_page):
    page = open_page()
    page.goto(f"{live_system.url}/in/{source.key}/form")
    page.wait_for_timeout(1100)
    page.get_by_label("Телефон").fill("89213384017")
    page.get_by_role("button", name="Отправить").click()
    page.get_by_text("Спасибо!").wait_for()

    assert Entry.objects.count() == 1
