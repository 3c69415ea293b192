"""The ledger and the sources in a real browser: a changed form is mended and what failed is read again."""

import re
import time
from urllib.parse import urlencode

import httpx
import pytest
from playwright.sync_api import Page, expect

from voronka.intake.actions import register_source, settle
from voronka.intake.models import Entry, Source
from voronka.kernel import actor
from voronka.testing.browser import blemishes
from voronka.testing.office import Office

pytestmark = pytest.mark.browser
CHANGED = {"Имя": "Виктор Ежов", "Телефон_2": "+7 905 218-66-04", "Игроков": "6"}


@pytest.fixture
def source(office: Office) -> Source:
    return register_source(
        by=actor.system("test"), title="Форма «Подобрать квест»", profile="tilda", brand=office.cast.brand
    )


def send(system, source: Source, fields: dict[str, str]) -> None:
    """A form on the site is sent."""
    url = f"{system.url}/in/{source.key}"
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert httpx.post(url, content=urlencode(fields), headers=headers).status_code == 200


def settled() -> None:
    """The worker has read everything that came."""
    until = time.monotonic() + 30
    while Entry.objects.filter(account="waiting").exists():
        assert time.monotonic() < until, "nobody reads the entries"
        time.sleep(0.1)


def online(page: Page) -> Page:
    expect(page.locator("#live:not(.is-wait):not(.is-off)")).to_be_attached()
    return page


def test_a_changed_form_is_mended_and_read_again(
    office: Office,
    source: Source,
    live_system,
    live_worker,
    open_page,
) -> None:
    """IN-5, IN-7: three failed deliveries wait with the reason; the field is named once and all three become deals."""
    page = online(open_page("/ledger", person=office.cast.head))
    for turn in range(3):
        send(live_system, source, CHANGED | {"Телефон_2": f"+7 905 218-66-0{turn}"})
    failed = page.locator("tbody .v-fig.v-late")
    expect(failed).to_have_text("3", timeout=20000)
    failed.click()
    expect(page.locator(".v-entry")).to_have_count(3)
    page.locator(".v-entry").first.click()
    side = page.locator("#ledger-side")
    expect(side.locator(".is-mark")).to_contain_text("Телефон_2")
    expect(side.get_by_label("Поле", exact=True)).to_have_value("Телефон_2")
    side.get_by_role("button", name="Повторить все 3").click()
    expect(side.locator(".badge")).to_have_text("сделка", timeout=10000)
    expect(page.locator("tfoot")).to_contain_text("3 = 3", timeout=20000)
    expect(page.locator("tbody .v-fig.v-late")).to_have_count(0, timeout=20000)
    assert set(Entry.objects.values_list("account", flat=True)) == {"deal"}
    side.locator("[data-card]").click()
    expect(page.locator("#card[open]")).to_contain_text("Виктор Ежов")


def test_the_address_holds_the_place_and_back_works(
    office: Office,
    source: Source,
    live_system,
    live_worker,
    open_page,
) -> None:
    send(live_system, source, CHANGED)
    settled()
    page = open_page("/ledger", person=office.cast.head)
    expect(page.locator("tbody .v-fig.v-late")).to_have_text("1")
    page.locator("tbody .v-fig.v-late").click()
    expect(page.locator(".v-entry")).to_have_count(1)
    page.locator(".v-entry").click()
    expect(page.locator(".v-mend")).to_be_visible()
    page.reload()
    expect(page.locator(".v-mend")).to_be_visible()
    page.go_back()
    expect(page.locator(".v-entry")).to_have_count(1)


def test_rejected_with_a_reason(office: Office, source: Source, live_system, live_worker, open_page) -> None:
    send(live_system, source, CHANGED)
    settled()
    page = open_page("/ledger?account=failed", person=office.cast.head)
    page.locator(".v-entry").click()
    page.get_by_role("link", name="Отклонить…").click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_role("button", name="Отклонить").click()
    expect(dialog.locator(".v-err")).to_be_visible()
    dialog.get_by_label("Почему").fill("Проверка формы")
    dialog.get_by_role("button", name="Отклонить").click()
    expect(page.locator("#ledger-side .v-notice")).to_contain_text("Проверка формы")


def test_a_source_is_made_checked_and_mapped(office: Office, live_system, live_worker, open_page) -> None:
    page = open_page("/settings/sources", person=office.cast.director)
    page.get_by_role("link", name="Создать источник").first.click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_label("Название").fill("Форма на главной")
    dialog.get_by_label("Кто присылает").select_option("tilda")
    dialog.get_by_role("button", name="Создать").click()
    expect(page).to_have_url(re.compile(r"/settings/sources/\d+$"))
    page.get_by_role("button", name="Проверить").click()
    steps = page.locator("#source-check")
    expect(steps).to_contain_text("Адрес ответил 200")
    expect(steps).to_contain_text("Разобрана", timeout=15000)
    expect(steps.get_by_role("link", name="Открыть в журнале")).to_be_visible()
    assert Entry.objects.get().account == "rejected"

    made = Source.objects.get(title="Форма на главной")
    send(live_system, made, CHANGED)
    settled()
    page.reload()
    seen = page.locator("#source-reading")
    expect(seen).to_contain_text("Ни телефона, ни почты")
    page.get_by_label("Чем считать поле «Телефон_2»").select_option("phone")
    expect(seen).to_contain_text("905")
    expect(seen).not_to_contain_text("Ни телефона")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.locator(".v-toast")).to_contain_text("форма читается так")
    made.refresh_from_db()
    assert made.mapping == {"Телефон_2": "phone"}


def test_ledger_and_sources_fit_and_are_clean(
    office: Office,
    source: Source,
    live_system,
    open_page,
) -> None:
    send(live_system, source, CHANGED | {"Комментарий": "Длинное-предлинное-слово-без-пробелов" * 8})
    send(live_system, source, {"Name": "Анна", "Phone": "+7 905 218-66-05"})
    for entry in Entry.objects.order_by("pk"):
        settle(entry.pk)
    failed = Entry.objects.get(account="failed")
    for path in (
        "/ledger",
        "/ledger?account=all",
        f"/ledger/entries/{failed.pk}",
        "/settings/sources",
        f"/settings/sources/{source.pk}",
    ):
        page = open_page(path, person=office.cast.director)
        expect(page.locator("main")).to_contain_text("Форма «Подобрать квест»")
        assert blemishes(page) == [], path
