"""A stage for the scripts alone: real layout and parts rendered to one page, the server played by the test.

No database and no Django server: every request the page makes is answered by `Stage.answers`.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path
from jinja2 import FileSystemLoader
from playwright.sync_api import Page, Route

from voronka.web.assets import DIST
from voronka.web.jinja import environment

ORIGIN = "http://voronka.test"
PAGES = Path(__file__).parent / "pages"
TEMPLATES = Path(settings.TEMPLATES[0]["DIRS"][0])

# The line to the server, spoken by the test: `streams.at(-1).say({...})`.
FAKE_STREAM = """
window.streams = [];
window.EventSource = class extends EventTarget {
  static OPEN = 1;
  constructor(url) {
    super();
    this.url = url;
    this.readyState = 0;
    window.streams.push(this);
    setTimeout(() => { this.readyState = 1; this.onopen?.(); }, 0);
  }
  close() { this.readyState = 2; }
  say(message) { this.onmessage?.({ data: JSON.stringify(message), lastEventId: String(message.id ?? "") }); }
  fall() { this.readyState = 2; this.onerror?.(); }
};
"""


@dataclass
class Asked:
    """One request of the page."""

    method: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    headers: dict[str, str]


@dataclass
class Answer:
    body: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "text/html; charset=utf-8"


def answer_json(data: Any, status: int = 200) -> Answer:
    return Answer(body=json.dumps(data, ensure_ascii=False), status=status, kind="application/json")


def _nowhere(request: HttpRequest) -> HttpResponse:
    raise AssertionError("the stage has no server")


#: Addresses the frame links to, so that the stage needs no screen to exist.
urlpatterns = [
    path(name, _nowhere, name=name)
    for name in ("search", "quick-add", "notices", "notices-menu", "notices-count", "profile", "theme", "sign-out")
] + [path("fold/<int:stage_id>", _nowhere, name="board-fold")]


class Stage:
    """Page with its played server. `answers`: «METHOD /path» → Answer or a function of the request."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.answers: dict[str, Answer | Callable[[Asked], Answer]] = {}
        self.asked: list[Asked] = []
        self.troubles: list[str] = []
        self.theme = "light"
        self.env = environment(loader=FileSystemLoader([TEMPLATES, PAGES]), autoescape=True)
        page.add_init_script(FAKE_STREAM)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.route(f"{ORIGIN}/**", self._serve)

    def render(self, template: str, **context: Any) -> str:
        with override_settings(ROOT_URLCONF=__name__):
            return self.env.get_template(template).render(**frame(self.theme), **context)

    def part(self, source: str, **context: Any) -> str:
        """A partial written in the test: macros of parts/ may be imported."""
        return self.env.from_string(source).render(csrf_input="", **context)

    def open(self, template: str, path: str = "/page", **context: Any) -> None:
        self.answers[f"GET {path}"] = Answer(self.render(template, **context))
        self.page.goto(ORIGIN + path)
        self.page.wait_for_selector("html[data-ready]")

    def say(self, **message: Any) -> None:
        """A live message arrives."""
        self.say_all([message])

    def say_all(self, messages: list[dict[str, Any]]) -> None:
        """Live messages arrive in one breath."""
        self.page.evaluate("all => all.forEach(message => window.streams.at(-1).say(message))", messages)

    def requests(self, method: str, path: str) -> list[Asked]:
        return [asked for asked in self.asked if (asked.method, asked.path) == (method, path)]

    def _serve(self, route: Route) -> None:
        request = route.request
        where = urlsplit(request.url)
        if where.path.startswith("/static/dist/"):
            route.fulfill(path=DIST / where.path.rsplit("/", 1)[1])
            return
        asked = Asked(request.method, where.path, pairs(where.query), pairs(request.post_data or ""), request.headers)
        self.asked.append(asked)
        answer = self.answers.get(f"{asked.method} {asked.path}", Answer("", 404))
        if callable(answer):
            answer = answer(asked)
        route.fulfill(status=answer.status, body=answer.body, content_type=answer.kind, headers=answer.headers)


def pairs(text: str) -> dict[str, str]:
    return {key: values[-1] for key, values in parse_qs(text, keep_blank_values=True).items()}


def frame(theme: str) -> dict[str, Any]:
    """What the context processor gives, invented."""
    section = SimpleNamespace
    return {
        "nav": [
            section(key="day", title="Мой день", url="/day", icon="sun", count=0, late=False),
            section(key="deals", title="Сделки", url="/board", icon="layout-kanban", count=0, late=False),
            section(key="tasks", title="Задачи", url="/tasks", icon="checkbox", count=3, late=True),
            section(key="ledger", title="Обращения", url="/ledger", icon="inbox", count=7, late=False),
            section(key="settings", title="Настройки", url="/settings", icon="settings", count=0, late=False),
        ],
        "current": "deals",
        "me": SimpleNamespace(id=3, name="Мария Тен", role=SimpleNamespace(title="Менеджер"), theme=theme),
        "unread_notices": 4,
        "csrf_token": "token-of-the-test",
        "csrf_input": "",
    }


def tile(deal: int, **other: Any) -> dict[str, Any]:
    """Facts of a tile, invented."""
    return {
        "id": deal,
        "number": 1800 + deal,
        "url": f"/deals/{deal}",
        "live_url": f"/deals/{deal}/tile",
        "stage": 1,
        "channel": "telegram",
        "channel_title": "",
        "client": f"Клиент {deal}",
        "subject": "«Дом на Мойке», 28 ноя",
        "amount": 18500,
        "size": "8 чел.",
        "unread": False,
        "person": {"name": "Мария Тен", "initials": "МТ"},
        "step": {"tone": "plan", "icon": "phone", "title": "Звонок", "when": "завтра, 11:00"},
        "age": "3 ч",
        "limit": "24 ч",
        "percent": 14,
        "tone": "",
        "movable": True,
        **other,
    }


def column(stage: int, name: str, deals: list[dict[str, Any]], **other: Any) -> dict[str, Any]:
    """Facts of a column, invented."""
    return {
        "id": stage,
        "name": name,
        "count": len(deals),
        "amount": 18500 * len(deals),
        "note": "сутки до брони",
        "note_late": False,
        "share": 60,
        "ink": f"var(--v-st{stage})",
        "url": "/deals",
        "live_url": f"/board/stages/{stage}/head",
        "on_drop": "",
        "kind": "",
        "tiles": deals,
        **other,
    }
