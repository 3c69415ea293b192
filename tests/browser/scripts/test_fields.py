"""Fields edited in place: saved on leaving, returned, refused, in conflict."""

import pytest
from playwright.sync_api import expect

from .stage import Answer, Asked, Stage, answer_json

BUDGET = {
    "key": "budget",
    "label": "Бюджет",
    "value": "20000",
    "text": "до 20 000 ₽",
    "kind": "money",
    "url": "/deals/42/fields",
    "version": "7",
}
ROW = '{% from "parts/fields.html" import row with context %}{{ row(f) }}'


def budget_is_kept(stage: Stage) -> None:
    def answer(asked: Asked) -> Answer:
        value = asked.form["budget"]
        if not value.isdigit():
            return answer_json({"errors": {"budget": "Нужна сумма числом, например 18 000"}}, 422)
        return Answer(stage.part(ROW, f={**BUDGET, "value": value, "text": f"до {value} ₽", "version": "8"}))

    stage.answers["PATCH /deals/42/fields"] = answer


def test_a_field_is_saved_on_leaving_and_can_be_returned(stage: Stage) -> None:
    stage.open("form.html", rows=[BUDGET])
    page = stage.page
    budget_is_kept(stage)
    page.locator("#field-budget").click()
    box = page.get_by_role("textbox", name="Бюджет")
    expect(box).to_have_value("20000")
    box.fill("18000")
    page.locator("h1").click()
    expect(page.locator("#field-budget")).to_have_text("до 18000 ₽")
    asked = stage.requests("PATCH", "/deals/42/fields")[0].form
    assert asked == {"budget": "18000", "version": "7", "seen": "20000"}
    page.locator(".v-saved button").click()
    expect(page.locator("#field-budget")).to_have_text("до 20000 ₽")
    assert stage.requests("PATCH", "/deals/42/fields")[1].form["version"] == "8"


def test_a_wrong_value_stays_with_its_error_and_escape_restores(stage: Stage) -> None:
    stage.open("form.html", rows=[BUDGET])
    page = stage.page
    budget_is_kept(stage)
    page.locator("#field-budget").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("много")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Нужна сумма числом, например 18 000")).to_be_visible()
    box = page.get_by_role("textbox", name="Бюджет")
    expect(box).to_have_value("много")
    expect(box).to_be_focused()
    expect(box).to_have_attribute("aria-invalid", "true")
    page.keyboard.press("Escape")
    expect(page.locator("#field-budget")).to_have_text("до 20 000 ₽")
    expect(page.locator("#field-budget")).to_be_focused()
    expect(page.locator(".v-err")).to_have_count(0)


def test_an_untouched_field_sends_nothing(stage: Stage) -> None:
    stage.open("form.html", rows=[BUDGET])
    stage.page.locator("#field-budget").click()
    stage.page.locator("h1").click()
    expect(stage.page.locator("#field-budget")).to_have_text("до 20 000 ₽")
    assert stage.requests("PATCH", "/deals/42/fields") == []


@pytest.mark.parametrize(("choice", "left"), [("mine", "до 18000 ₽"), ("theirs", "15000")])
def test_two_people_on_one_field_choose_between_both_values(stage: Stage, choice: str, left: str) -> None:
    stage.open("form.html", rows=[BUDGET])
    page = stage.page

    def answer(asked: Asked) -> Answer:
        if asked.form["seen"] == "20000":
            return answer_json({"conflict": {"budget": ["15000", "18000"]}}, 409)
        return Answer(stage.part(ROW, f={**BUDGET, "value": "18000", "text": "до 18000 ₽"}))

    stage.answers["PATCH /deals/42/fields"] = answer
    page.locator("#field-budget").click()
    page.keyboard.type("18000")
    page.keyboard.press("Enter")
    buttons = page.locator('[data-note-of="field-budget"] button')
    expect(buttons).to_have_count(2)
    buttons.nth(1 if choice == "mine" else 0).click()
    expect(page.locator("#field-budget")).to_have_text(left)


def test_a_select_saves_by_choosing(stage: Stage) -> None:
    place = {
        "key": "place",
        "label": "Локация",
        "value": "a",
        "text": "«Сенная»",
        "kind": "select",
        "url": "/f",
        "options": [("a", "«Сенная»"), ("b", "«Петроградская»")],
    }
    stage.open("form.html", rows=[place])
    stage.answers["PATCH /f"] = Answer(stage.part(ROW, f={**place, "value": "b", "text": "«Петроградская»"}))
    stage.page.locator("#field-place").click()
    stage.page.get_by_role("combobox", name="Локация").select_option("b")
    expect(stage.page.locator("#field-place")).to_have_text("«Петроградская»")
