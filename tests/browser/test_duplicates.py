"""The desk of duplicates by the keyboard alone: look, choose, answer, and back again."""

import re

import pytest
from playwright.sync_api import expect

from voronka.clients.actions import add_address, register_client
from voronka.clients.models import Company, Suspicion
from voronka.kernel import actor, clock
from voronka.testing.browser import blemishes
from voronka.testing.office import Office

pytestmark = pytest.mark.browser
BY = actor.system("test")
REASONS = [["phone", 3, 9.1], ["given", 4, 3.0], ["surname", 1, -2.5]]


def person(office: Office, name: str, *identities: tuple[str, str]) -> int:
    contact = register_client(by=BY, name=name, identities=identities, home=[f"s:{office.cast.owner.seat_id}"])
    add_address(contact.company_id, by=BY, text=f"ул. Малышева, 84, кв. {len(name)}")
    return contact.pk


def test_a_queue_is_judged_by_keys(office: Office, open_page) -> None:
    pairs = [
        (
            person(office, one, ("phone", f"+7921447183{n}"), ("telegram", f"a{n}")),
            person(office, other, ("email", f"{n}@a.ru")),
        )
        for n, (one, other) in enumerate(
            (("Ира", "Ирина Соколова"), ("Глеб Чернов", "Чернов Г."), ("Вера Ан", "Вера Пак"))
        )
    ]
    for n, (left, right) in enumerate(pairs):
        facts = {"odds": 4.5 - n, "reasons": REASONS, "found_at": clock.now()}
        Suspicion.objects.create(kind="person", left=left, right=right, **facts)
    page = open_page("/duplicates", person=office.cast.owner)
    current = page.locator(".v-dupi[aria-current]")
    expect(current).to_contain_text("Ира ↔ Ирина Соколова")
    expect(page.locator(".v-prob")).to_contain_text("99 %")
    assert blemishes(page) == []
    name = page.get_by_role("row", name=re.compile("^Имя")).locator("[data-result]")
    expect(name).to_have_text("Ирина Соколова")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("1")
    expect(name).to_have_text("Ира")
    page.keyboard.press("Enter")
    expect(current).to_contain_text("Глеб Чернов ↔ Чернов Г.")
    assert Company.objects.filter(name="Ира").count() == 1 and Company.objects.count() == 5
    page.keyboard.press("r")
    expect(current).to_contain_text("Вера Ан ↔ Вера Пак")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".v-dupi")).to_have_count(0)
    for waits in ("Вера Ан ↔ Вера Пак", "Глеб Чернов ↔ Чернов Г.", "Ира ↔ Ирина Соколова"):
        page.keyboard.press("Control+z")
        expect(current).to_contain_text(waits)
    assert Company.objects.count() == 6
    page.keyboard.press("c")
    expect(current).to_contain_text("Глеб Чернов")
    assert Company.objects.count() == 5
    page.locator(".v-dupi").last.click()
    expect(current).to_contain_text("Вера Ан")
