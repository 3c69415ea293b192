"""A phone that loses the line: what is typed stays and goes later, once."""

import pytest
from playwright.sync_api import Page, expect

from voronka.clients.models import Note
from voronka.testing.browser import PHONE, axe_faults, overflow
from voronka.testing.office import Office

pytestmark = pytest.mark.browser

KEPT = """async () => {
    await navigator.serviceWorker.ready;
    return Boolean(navigator.serviceWorker.controller && await caches.match("/offline"));
}"""


def ready(page: Page) -> None:
    expect(page.locator("#live:not(.is-wait):not(.is-off)")).to_be_attached()
    page.wait_for_function(KEPT)


def write(page: Page, text: str) -> None:
    form = page.locator('form[hx-post$="/notes"]')
    form.locator("textarea").fill(text)
    form.get_by_role("button", name="Записать").click()


def test_notes_typed_without_a_line_go_later_and_once(office: Office, open_page) -> None:
    deal = office.deal()
    page = open_page(f"/deals/{deal.pk}", person=office.cast.owner, size=PHONE)
    ready(page)
    # the server takes the note, but its answer is lost on the way
    page.route("**/notes", lambda route: (route.fetch(), route.abort()), times=1)
    write(page, "Ответ потерялся")
    expect(page.locator("#toasts")).to_contain_text("Заметка осталась на этом устройстве")
    page.context.set_offline(True)
    write(page, "Записано в метро")
    expect(page.locator('form[hx-post$="/notes"] textarea')).to_have_value("")
    page.goto("/day")
    expect(page.locator("h1")).to_contain_text("Нет связи")
    expect(page.locator(".v-unsent li")).to_have_count(2)
    assert overflow(page) <= 0 and axe_faults(page) == []
    page.get_by_label("Заметка", exact=True).fill("Без карточки под рукой")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.locator(".v-unsent li")).to_have_count(3)
    page.context.set_offline(False)
    # back on the page that was asked for, which sends what waits
    expect(page.locator(".v-toast")).to_have_count(3, timeout=20_000)
    open_page.faults.clear()  # the lost line is an error in the console
    assert sorted(Note.objects.values_list("text", flat=True)) == sorted(
        ["Ответ потерялся", "Записано в метро", "Без карточки под рукой"]
    )
