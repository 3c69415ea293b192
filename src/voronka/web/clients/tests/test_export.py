"""The list of clients as a file: by right, what the person sees and no more, nothing that a table program would run."""

import csv
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from voronka.clients.actions import add_address, add_requisites, register_client
from voronka.clients.tags import tag_company
from voronka.kernel import actor
from voronka.kernel.models import Event

pytestmark = pytest.mark.django_db


def test_a_file_holds_the_clients_that_the_page_shows(office, as_person, monkeypatch):
    monkeypatch.setattr("voronka.web.clients.export.PAGE", 1)
    by = actor.system("test")
    firm = register_client(
        by=by,
        name="Вика Ло",
        kind="legal",
        company_name="=cmd()",
        identities=[("phone", "+79214471833"), ("email", "v@lo.ru")],
        home=["b:0"],
    ).company
    add_requisites(firm.pk, by=by, values={"name": "Лицей", "inn": "7707083893"})
    add_address(firm.pk, by=by, text="Невский, 1")
    tag_company(firm.pk, by=by, add=["VIP"])
    register_client(by=by, name="Анна Ли", home=["b:0"])
    register_client(by=by, name="Чужая", home=["s:0"])
    head = as_person(office.cast.head)
    text = b"".join(head.get("/clients/export", {"as": "csv"}).streaming_content).decode("utf-8-sig")
    heads, *rows = csv.reader(StringIO(text), delimiter=";")
    assert heads[:6] == ["Номер", "Клиент", "Вид", "Люди", "Телефон", "Почта"]
    assert [row[1:9] for row in rows] == [
        ["'=cmd()", "юрлицо", "Вика Ло", "79214471833", "v@lo.ru", "7707083893", "Невский, 1", "VIP"],
        ["Анна Ли", "семья", "", "", "", "", "", ""],
    ]
    asked = {"as": "xlsx", "kind": "family", "q": "Анна"}
    sheet = load_workbook(BytesIO(b"".join(head.get("/clients/export", asked).streaming_content))).active
    assert [row[1] for row in sheet.iter_rows(values_only=True)][1:] == ["Анна Ли"]
    told = Event.objects.filter(kind="clients.exported", person_id=office.cast.head.pk).order_by("pk")
    assert [(event.data["form"], event.data["text"]) for event in told] == [("csv", ""), ("xlsx", "Анна")]
    assert "/clients/export" in head.get("/clients").content.decode()


def test_only_who_may_takes_them_out(office, as_person):
    manager = as_person(office.cast.owner)
    assert manager.get("/clients/export", {"as": "csv"}).status_code == 409
    assert "/clients/export" not in manager.get("/clients").content.decode()
    assert as_person(office.cast.head).get("/clients/export", {"as": "exe"}).status_code == 404
