"""The pages of an import as a browser asks for them; the work between is done as the worker does it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from voronka.clients.models import Company, Contact
from voronka.deals.models import Deal
from voronka.imports import undo, work
from voronka.imports.models import Import
from voronka.kernel.models import Event

pytestmark = pytest.mark.django_db

FILE = (
    "Клиент;Телефон;Сумма;Статус;Менеджер\n"
    "Ирина Соколова;8 921 447-18-33;18 500;Думает;Дима\n"
    "Алла;921 447;9 000;;\n"
    "=cmd();89214471834;100;Успешно реализовано;\n"
)
HTMX = {"HTTP_HX_REQUEST": "true"}


def upload(browser, content: str = FILE):
    answer = browser.post("/imports", {"file": SimpleUploadedFile("клиенты.csv", content.encode("cp1251"))})
    assert answer.status_code == 302, answer.content.decode()
    return Import.objects.latest("pk")


def test_from_the_file_to_the_way_back(office, as_person):
    browser = as_person(office.cast.director)
    assert "Пока ничего не загружали" in browser.get("/imports").content.decode()
    one = upload(browser)
    page = browser.get(f"/imports/{one.pk}").content.decode()
    assert "Читаем файл" in page and "import-progress" not in page
    work.read(one.pk)
    moved = browser.get(f"/imports/{one.pk}/progress?was=reading", **HTMX)
    assert moved.headers["HX-Refresh"] == "true"
    page = browser.get(f"/imports/{one.pk}").content.decode()
    assert "Загрузить 2 строки" in page and "cp1251" in page and "телефон или почта не читаются" in page
    assert "people:Дима" in page and "stages:Думает" in page
    mapping = ["contact.name", "contact.phone", "deal.amount", "deal.stage", "deal.responsible"]
    thinks = office.stage("picked")
    form = {"target": mapping, "known": "fill", "stages:Думает": thinks.pk, "people:Дима": office.cast.colleague.pk}
    form["funnel"] = office.funnel.pk
    changed = browser.post(f"/imports/{one.pk}/mapping", form, **HTMX).content.decode()
    assert 'id="import-columns"' in changed and 'id="import-side"' in changed and "hx-swap-oob" in changed
    work.check(one.pk)
    looked = browser.get(f"/imports/{one.pk}/progress?was=checking", **HTMX).content.decode()
    assert 'id="import-rows"' in looked and "Загрузить 2 строки" in looked
    assert (
        browser.post(f"/imports/{one.pk}/state", {"to": "run"}, **HTMX).headers["HX-Redirect"] == f"/imports/{one.pk}"
    )
    assert browser.post(f"/imports/{one.pk}/state", {"to": "undo"}, **HTMX).status_code == 409
    work.run(one.pk)
    deal = Deal.objects.get(title="", amount=18500)
    assert (deal.stage, deal.responsible) == (thinks, office.cast.colleague)
    assert Deal.objects.get(amount=100).stage.meaning == "won"
    done = browser.get(f"/imports/{one.pk}?fate=made").content.decode()
    assert "Откатить импорт" in done and f"/clients/{deal.company_id}" in done
    bad = b"".join(browser.get(f"/imports/{one.pk}/bad.csv").streaming_content).decode()
    assert "Алла;921 447;9 000" in bad and "Почему не загружено" in bad and "=cmd" not in bad
    card = browser.get(f"/clients/{deal.company_id}").content.decode()
    assert "клиенты.csv" in card, "the history says where it is from"
    browser.post(f"/imports/{one.pk}/state", {"to": "undo"}, **HTMX)
    undo.undo(one.pk)
    assert not Company.objects.exists() and not Contact.objects.exists() and not Deal.objects.exists()
    assert "возвращён" in browser.get("/imports").content.decode()
    kinds = Event.objects.filter(kind__startswith="import.").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["import.begun", "import.run", "import.undo_begun"]


def test_by_right_only_and_nobody_elses(office, as_person):
    browser = as_person(office.cast.director)
    one = upload(browser)
    assert as_person(office.cast.owner).get("/imports").status_code == 403
    head = office.cast.head
    head.role.may = [*head.role.may, "import_clients"]
    head.role.save()
    assert as_person(head).get(f"/imports/{one.pk}").status_code == 404
    assert as_person(head).get("/imports").status_code == 200
    assert browser.delete(f"/imports/{one.pk}", **HTMX).status_code == 409, "it is being read"
    work.read(one.pk)
    assert browser.delete(f"/imports/{one.pk}", **HTMX).headers["HX-Redirect"] == "/imports"
    assert not Import.objects.exists()
    assert browser.post("/imports").status_code == 422
