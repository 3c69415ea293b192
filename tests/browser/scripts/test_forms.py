"""Dialogs and forms: nothing lost, nothing sent twice, failures told in words."""

import pytest
from playwright.sync_api import expect

from .stage import Answer, Asked, Stage, answer_json

NEW = """{% from "parts/dialog.html" import dialog with context %}{% from "parts/form.html" import text with context %}
{% call dialog("Новая заявка", "/new", "Создать") %}{{ text("name", "Имя", value, error=error) }}{% endcall %}"""


def test_a_dialog_keeps_what_was_typed_on_error_and_closes_when_done(stage: Stage) -> None:
    stage.open("form.html")
    page = stage.page
    stage.answers["GET /new"] = Answer(stage.part(NEW, value="", error=""))

    def answer(asked: Asked) -> Answer:
        if asked.form["name"] == "Лена":
            return Answer("", 204, {"HX-Trigger": '{"toast": {"text": "Lena"}}'})
        return Answer(stage.part(NEW, value=asked.form["name"], error="Имя или телефон"), 422)

    stage.answers["POST /new"] = answer
    page.locator("#open").click()
    dialog = page.get_by_role("dialog", name="Новая заявка")
    expect(dialog.get_by_label("Имя")).to_be_focused()
    page.keyboard.type("?")
    page.keyboard.press("Enter")
    expect(dialog.get_by_text("Имя или телефон")).to_be_visible()
    expect(dialog.get_by_label("Имя")).to_have_value("?")
    expect(dialog.get_by_label("Имя")).to_be_focused()
    dialog.get_by_label("Имя").fill("Лена")
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(page.locator(".v-toast")).to_have_text("Lena")


def test_a_form_is_sent_once_however_often_it_is_pressed(stage: Stage) -> None:
    stage.open("form.html")
    page = stage.page
    page.route("**/things", lambda route: (page.wait_for_timeout(300), route.fallback()))
    stage.answers["POST /things"] = Answer("Записано")
    page.locator("#plain input").fill("Имя")
    button = page.locator("#plain button")
    button.dispatch_event("click")
    button.dispatch_event("click")
    page.locator("#plain input").press("Enter")
    expect(page.locator("#made")).to_have_text("Записано")
    expect(button).to_be_enabled()
    assert len(stage.requests("POST", "/things")) == 1


def test_errors_in_json_stand_beside_their_fields(stage: Stage) -> None:
    stage.open("form.html")
    stage.answers["POST /things"] = answer_json({"errors": {"name": "Такое имя уже есть"}}, 422)
    stage.page.locator("#plain input").fill("Имя")
    stage.page.keyboard.press("Enter")
    field = stage.page.locator("#plain input")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(stage.page.locator("#plain .v-err")).to_have_text("Такое имя уже есть")
    expect(field).to_have_value("Имя")


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (answer_json({"reason": "Уже взяла Анна Крылова"}, 409), "Уже взяла Анна Крылова"),
        (Answer("<h1>Server Error (500)</h1>", 500), "(500)"),
    ],
)
def test_a_failure_is_told_in_words(stage: Stage, answer: Answer, text: str) -> None:
    stage.open("form.html")
    stage.answers["POST /things"] = answer
    stage.page.locator("#plain input").fill("Имя")
    stage.page.keyboard.press("Enter")
    expect(stage.page.locator(".v-toast")).to_contain_text(text)
    expect(stage.page.locator("#made")).to_be_empty()


def test_a_draft_outlives_a_reload_and_is_forgotten_when_sent(stage: Stage) -> None:
    stage.open("form.html")
    page = stage.page
    stage.answers["POST /deals/42/notes"] = Answer("", 204)
    area = page.get_by_role("textbox", name="Заметка", exact=True).nth(1)
    area.fill("Аллергия на орехи")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    expect(area).to_have_value("Аллергия на орехи")
    area.press("Control+Enter")
    expect(area).to_have_value("")
    page.reload()
    expect(area).to_have_value("")


def test_composer_tabs_carry_the_text_along(stage: Stage) -> None:
    stage.open("form.html")
    page = stage.page
    page.locator("#composer-note textarea").fill("Позвонить")
    page.get_by_role("tab", name="Задача").click()
    expect(page.locator("#composer-task textarea")).to_have_value("Позвонить")
    expect(page.locator("#composer-task textarea")).to_be_focused()
    expect(page.locator("#composer-note")).to_be_hidden()
