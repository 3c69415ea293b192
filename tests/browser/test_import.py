"""A file brought in as people do it: dropped, looked at, one column corrected, brought in, worked on, taken back."""

import pytest
from playwright.sync_api import expect

from voronka.clients.models import Company, Contact
from voronka.testing.browser import axe_faults, blemishes
from voronka.testing.office import Office

pytestmark = pytest.mark.browser

FILE = """Клиент;Тел;Почта;Сумма;Статус;Примечание
Соколова Ирина;8 921 447-18-33;irina@mail.ru;18 500;Думает;любит пострашнее
Пётр Гущин;89053104412;;12,500;;
Гущина Мария;8 905 310-44-12;;;;жена
Алла Ю.;921 447;;9 000;;
ООО «Вектор»;8 812 440-10-10;office@vector.example;96 000;Успешно реализовано;
"""


def test_a_file_is_brought_in_and_taken_back(office: Office, open_page, live_worker, tmp_path) -> None:
    file = tmp_path / "Клиенты 2019–2025.csv"
    file.write_text(FILE, encoding="cp1251")
    page = open_page("/imports", person=office.cast.director)
    assert blemishes(page) == []
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_label("Файл").set_input_files(file)
    page.get_by_role("button", name="Посмотреть файл").click()
    expect(page.get_by_role("button", name="Загрузить 4 строки")).to_be_visible(timeout=20_000)
    expect(page.locator(".v-rowres tbody tr")).to_have_count(5)
    assert blemishes(page) == []
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_label("Чем станет столбец «Сумма»").select_option("")
    page.get_by_label("Чем станет столбец «Статус»").select_option("")
    expect(page.locator("#import-side")).not_to_contain_text("Сделки", timeout=20_000)
    page.get_by_role("button", name="Загрузить 4 строки").click()
    expect(page.get_by_role("button", name="Откатить импорт")).to_be_visible(timeout=20_000)
    assert set(Contact.objects.values_list("company__kind", "name")) == {
        ("family", "Соколова Ирина"),
        ("family", "Пётр Гущин"),
        ("family", "Гущина Мария"),
        ("legal", "ООО «Вектор»"),
    }
    page.get_by_role("link", name="1 Не загрузили").click()
    expect(page.locator(".v-rowres tbody tr")).to_have_count(1)
    assert axe_faults(page) == []
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Откатить импорт").click()
    expect(page.get_by_role("link", name="4 Возвращены")).to_be_visible(timeout=20_000)
    assert not Company.objects.exists()
