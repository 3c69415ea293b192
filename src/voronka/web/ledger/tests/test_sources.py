"""Sources on screen: made, changed, mapped with a preview, given another address, switched off."""

import pytest

from voronka.intake.actions import settle
from voronka.intake.models import Entry, Source
from voronka.intake.reading import TEST_HEADER
from voronka.testing.office import Office

HTMX = {"HTTP_HX_REQUEST": "true"}
NEW = {
    "title": "Квиз на главной",
    "profile": "marquiz",
    "channel": "quiz",
    "brand": "",
    "location": "",
    "origins": "site.ru\nhttps://shop.example/page",
    "honeypot": "website",
    "per_address": "60",
    "per_source": "1200",
}


def text(answer) -> str:
    return answer.content.decode()


def test_made_and_shown_with_a_masked_address(desk: Office, as_person) -> None:
    browser = as_person(desk.cast.director)
    assert browser.post("/settings/sources/new", NEW, **HTMX).status_code == 204
    made = Source.objects.get(title="Квиз на главной")
    assert made.origins == ["https://site.ru", "https://shop.example"]
    page = text(browser.get("/settings/sources"))
    assert f"••••••{made.key[-4:]}</code>" in page
    assert page.count(made.key) == 1, "only the copy button holds the whole address"


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", ""), ("profile", "manual"), ("origins", "ht tp://"), ("per_address", "0"), ("per_source", "x")],
)
def test_wrong_values_stand_beside_their_fields(desk: Office, as_person, field: str, value: str) -> None:
    answer = as_person(desk.cast.director).post("/settings/sources/new", NEW | {field: value}, **HTMX)
    assert answer.status_code == 422 and 'aria-invalid="true"' in text(answer)
    assert not Source.objects.filter(title=NEW["title"]).exists()
    if field != "title":
        assert NEW["title"] in text(answer), "nothing typed is lost"


def test_the_mapping_shows_what_will_be_understood_before_it_is_saved(
    desk: Office, source: Source, arrive, as_person
) -> None:
    arrive({"Имя": "Виктор Ежов", "Телефон_2": "+7 905 218-66-04", "Бюджет": "до 15 000"})
    browser = as_person(desk.cast.director)
    page = text(browser.get(f"/settings/sources/{source.pk}"))
    assert "Телефон_2" in page and "Ни телефона, ни почты" in page
    sent = {"name": ["Имя", "Телефон_2", "Бюджет"], "target": ["", "phone", "deal.budget"]}
    seen = text(browser.post(f"/settings/sources/{source.pk}/reading", sent, **HTMX))
    assert "905\u00a0218-66-04" in seen and "Ни телефона" not in seen
    source.refresh_from_db()
    assert source.mapping == {}, "a look changes nothing"
    browser.post(f"/settings/sources/{source.pk}/mapping", sent, **HTMX)
    source.refresh_from_db()
    assert source.mapping == {"Телефон_2": "phone", "Бюджет": "deal.budget"}
    wrong = browser.post(
        f"/settings/sources/{source.pk}/mapping", {"name": ["Имя"], "target": ["deal.nowhere"]}, **HTMX
    )
    assert wrong.status_code == 422


def test_another_address_and_off(desk: Office, source: Source, as_person) -> None:
    browser, before = as_person(desk.cast.director), source.key
    browser.post(f"/settings/sources/{source.pk}/key", **HTMX)
    browser.post(f"/settings/sources/{source.pk}/activity", {"active": "0"}, **HTMX)
    source.refresh_from_db()
    assert source.key != before and not source.is_active
    browser.post(f"/settings/sources/{source.pk}/activity", {"active": "1"}, **HTMX)
    source.refresh_from_db()
    assert source.is_active


def test_only_those_who_manage_sources(desk: Office, source: Source, as_person) -> None:
    """Who sees the ledger and repairs it does not yet know the addresses."""
    role = desk.cast.head.role
    role.may = ["see_ledger", "repair_ledger"]
    role.save()
    browser = as_person(desk.cast.head)
    for path in ("", "/new", f"/{source.pk}", f"/{source.pk}/settings", f"/{source.pk}/key"):
        assert browser.get(f"/settings/sources{path}").status_code == 403, path
    for verb in ("key", "activity", "mapping", "reading", "check"):
        assert browser.post(f"/settings/sources/{source.pk}/{verb}").status_code == 403, verb
    assert source.key not in text(browser.get("/ledger"))


def test_a_test_delivery_goes_the_whole_way_but_opens_no_deal(desk: Office, source: Source, arrive, as_person) -> None:
    entry = arrive({"Name": "Проверка", "Phone": "+79000000000"}, settled=False)
    Entry.objects.filter(pk=entry.pk).update(headers={TEST_HEADER: "mark"})
    browser = as_person(desk.cast.director)
    url = f"/settings/sources/{source.pk}/check/mark"
    waiting = text(browser.get(url, **HTMX))
    assert "hx-trigger" in waiting and "Ждёт разбора" in waiting
    settled = settle(entry.pk)
    assert settled.account == "rejected" and settled.deal_id is None
    told = text(browser.get(url, **HTMX))
    assert "Разобрана" in told and "hx-trigger" not in told


def test_an_address_that_does_not_answer_is_told(desk: Office, source: Source, as_person, settings) -> None:
    settings.BASE_URL = "http://127.0.0.1:9"
    told = text(as_person(desk.cast.director).post(f"/settings/sources/{source.pk}/check", **HTMX))
    assert "Адрес не принял" in told and "hx-trigger" not in told
