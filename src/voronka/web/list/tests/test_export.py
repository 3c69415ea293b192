"""The list as a file: by right, what the person sees and no more, nothing that a table program would run."""

import csv
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from voronka.deals.actions import change_deal, tag_deals
from voronka.kernel.models import Event
from voronka.web.sheets import safe

pytestmark = pytest.mark.django_db


def lines(answer) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(StringIO(text), delimiter=";"))


def test_a_file_holds_what_the_list_shows(office, as_person):
    cast = office.cast
    deal = office.deal('=HYPERLINK("http://x")')
    office.deal("Дешёвая")
    change_deal(deal.pk, by=cast.owner.actor, values={"amount": "12500.50", "players": "8"})
    tag_deals([deal.pk], by=cast.owner.actor, add=["VIP"])
    asked = {"filter": '["amount",">",1]', "as": "csv"}
    browser = as_person(cast.head)
    browser.put("/deals/columns", "column=client&column=amount&column=tags&column=players", content_type="text/plain")
    found = lines(browser.get("/deals/export", asked))
    assert found[0] == ["Клиент", "Сумма", "Теги", "Игроков"]
    assert found[1:] == [['\'=HYPERLINK("http://x")', "12500.50", "VIP", "8"]]
    sheet = load_workbook(
        BytesIO(b"".join(browser.get("/deals/export", {**asked, "as": "xlsx"}).streaming_content))
    ).active
    assert [list(row) for row in sheet.iter_rows(values_only=True)][1] == [
        '\'=HYPERLINK("http://x")',
        12500.5,
        "VIP",
        8,
    ]
    events = Event.objects.filter(kind="deals.exported", person_id=cast.head.pk)
    assert [event.data["form"] for event in events.order_by("pk")] == ["csv", "xlsx"]
    assert "amount" in events[0].data["filter"]


def test_only_who_may_takes_it_out(office, as_person):
    cast = office.cast
    office.deal("Чужая", by=cast.colleague)
    manager = as_person(cast.owner)
    assert manager.get("/deals/export", {"as": "csv"}).status_code == 409
    assert "deals/export" not in manager.get("/deals").content.decode()
    assert as_person(cast.head).get("/deals/export", {"as": "exe"}).status_code == 404
    assert "deals/export" in as_person(cast.head).get("/deals").content.decode()


def test_nothing_in_a_file_runs():
    for text in ("=1+1", "+7", "-1", "@SUM(A1)", "\tx", "\rx"):
        assert safe(text) == f"'{text}"
    assert safe("Ирина") == "Ирина" and safe(-5) == -5


def test_every_page_comes_once(office, as_person, monkeypatch):
    monkeypatch.setattr("voronka.web.list.export.PAGE", 2)
    for number in range(5):
        office.deal(f"Клиент {number}")
    found = lines(as_person(office.cast.head).get("/deals/export", {"as": "csv"}))
    assert len(found) == 6 and len({row[0] for row in found}) == 6


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_moments_are_told_by_the_clock_of_the_person(clock, office, as_person, form):
    office.deal("Утренняя")
    browser = as_person(office.cast.head)
    browser.put("/deals/columns", "column=client&column=created", content_type="text/plain")
    answer = browser.get("/deals/export", {"as": form})
    if form == "csv":
        told = lines(answer)[1]
    else:
        told = list(
            next(
                load_workbook(BytesIO(b"".join(answer.streaming_content))).active.iter_rows(min_row=2, values_only=True)
            )
        )
    assert told == ["Утренняя", "2026-11-19 12:00"]
