"""All parts in all states: axe-core finds nothing serious, nothing overflows, in light and dark, at three widths."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from voronka.kernel import clock
from voronka.testing.browser import DESKTOP, PHONE, TABLET, axe_faults, overflow

from .stage import Answer, Stage, tile


def parts() -> dict[str, Any]:
    def step(tone: str, icon: str, title: str, when: str) -> dict[str, str]:
        return {"tone": tone, "icon": icon, "title": title, "when": when}

    return {
        "way": [
            {"id": 1, "name": "Неразобранное", "note": "2 мин", "state": "done"},
            {"id": 2, "name": "Подобрали игру", "note": "3 ч из 24 ч", "state": "here", "percent": 14},
            {"id": 3, "name": "Бронь подтверждена", "note": "спросим время", "state": "ahead", "url": "/deals/1/stage"},
            {"id": 4, "name": "Игра проведена", "note": "сначала бронь", "state": "ahead", "locked": "Сначала бронь"},
        ],
        "tiles": [
            tile(1),
            tile(2, step=step("late", "alarm", "Перезвонить", "вчера"), tone="late", percent=100, unread=True),
            tile(3, step=step("today", "clock", "КП на почту", "17:30"), tone="today", percent=79, channel="email"),
            tile(4, step=None, amount=None, person=None, subject="", client="Очень длинное имя клиента из двух слов"),
        ],
        "queue": tile(
            5,
            text="«Здравствуйте! На 12 декабря есть что-нибудь на 10 детей?»",
            note="Позвали смену и Олега",
            note_late=True,
            due=clock.now() - timedelta(seconds=84),
            limit_seconds=300,
            take_url="/deals/5/taking",
            primary=True,
            tone="late",
            percent=100,
        ),
        "rows": [
            {"key": "place", "label": "Локация", "text": "«Сенная»", "value": "a", "url": "/f"},
            {"key": "time", "label": "Время", "text": "", "url": "/f", "need": "для брони", "kind": "time"},
            {"key": "cert", "label": "Сертификат", "text": "", "url": "/f"},
        ],
        "entries": [
            {
                "id": 1,
                "icon": "brand-telegram",
                "at": clock.now(),
                "title": "Ирина",
                "body": "Добрый день!",
                "kind": "say",
            },
            {"id": 2, "icon": "hand-stop", "at": clock.now(), "title": "Мария взяла", "body": None, "kind": "small"},
            {
                "id": 3,
                "icon": "note",
                "at": clock.now(),
                "title": "Заметка",
                "body": "Аллергия на орехи",
                "kind": "note",
            },
        ],
        "channels": [
            {
                "key": "note",
                "title": "Заметка",
                "icon": "note",
                "url": "/n",
                "placeholder": "Заметка",
                "button": "Записать",
            },
            {
                "key": "task",
                "title": "Задача",
                "icon": "checkbox",
                "url": "/t",
                "placeholder": "Дело",
                "button": "Поставить",
            },
        ],
        "sorted_by": lambda key: f"?sort={key}",
    }


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, TABLET, PHONE], ids=["desktop", "tablet", "phone"])
def test_parts_are_clean(stage: Stage, size: tuple[int, int], theme: str) -> None:
    page = stage.page
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    stage.theme = theme
    stage.open("parts.html", **parts())
    assert axe_faults(page) == []
    assert overflow(page) == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_open_dialog_a_toast_and_a_field_in_error_are_clean(stage: Stage, theme: str) -> None:
    page = stage.page
    stage.theme = theme
    stage.open(
        "form.html", rows=[{"key": "b", "label": "Бюджет", "value": "1", "text": "1 ₽", "url": "/f", "kind": "money"}]
    )
    stage.answers["PATCH /f"] = Answer('{"errors": {"b": "Нужна сумма числом"}}', 422, kind="application/json")
    page.locator("#field-b").click()
    page.keyboard.type("много")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Нужна сумма числом")).to_be_visible()
    page.evaluate(
        "document.dispatchEvent(new CustomEvent('toast', {detail: {text: 'Анна взяла №1842', open: '/deals/1842'}}))"
    )
    assert axe_faults(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#keys-help")).to_be_visible()
    assert axe_faults(page) == []


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "500"])
def test_error_pages_are_clean_and_lead_on(stage: Stage, code: str) -> None:
    stage.open(f"{code}.html")
    assert axe_faults(stage.page) == []
    expect(stage.page.locator("main a.btn-primary")).to_have_attribute("href", "/")
