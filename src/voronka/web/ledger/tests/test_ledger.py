"""The ledger on screen: sums that add up, figures that are their entries, repair, and who may see what."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from voronka.deals.models import Deal
from voronka.intake.actions import register_source, settle
from voronka.intake.models import Entry, Source
from voronka.kernel import actor
from voronka.testing.office import Office
from voronka.web.ledger.words import COLUMNS

HTMX = {"HTTP_HX_REQUEST": "true"}
GOOD = {"Name": "Виктор Ежов", "Phone": "+7 905 218-66-04"}
CHANGED = {"Имя": "Виктор Ежов", "Телефон_2": "+7 905 218-66-04", "Игроков": "6"}


def text(answer) -> str:
    return answer.content.decode()


def number(cell: str) -> int:
    digits = re.sub(r"\D", "", re.sub(r"<[^>]*>", "", cell))
    return int(digits) if digits else 0


def test_the_book_adds_up_and_is_what_the_table_of_entries_holds(
    desk: Office, source: Source, arrive, as_person
) -> None:
    """IN-5: received = deals + attached + duplicates + spam + rejected + waiting + failed, for each row and in all."""
    arrive(GOOD)
    arrive(GOOD | {"Comment": "ещё раз"})
    arrive(CHANGED)
    arrive({"Phone": "123"})
    arrive(GOOD, settled=False)
    arrive(GOOD, days_ago=3)
    page = text(as_person(desk.cast.head).get("/ledger"))
    for part in ("tbody", "tfoot"):
        body = page.split(f"<{part}>")[1].split(f"</{part}>")[0]
        for row in body.split("<tr")[1:]:
            cells = [number(cell.split("</td>")[0].split(">", 1)[1]) for cell in row.split('<td class="r')[1:]]
            received, accounts = cells[0], cells[2:9]
            assert len(accounts) == len(COLUMNS) and received == sum(accounts)
    assert Entry.objects.count() == 6 and "5 = 5" in page
    strip = page.split('class="v-days"')[1].split("</nav>")[0]
    assert strip.count("<a ") == 7


def test_each_figure_opens_exactly_its_entries(desk: Office, source: Source, arrive, as_person) -> None:
    other = register_source(by=actor.system("test"), title="Квиз", profile="tilda", brand=desk.cast.brand)
    for turn in range(3):
        arrive(CHANGED | {"n": str(turn)})
        arrive({"Phone": f"+7905218660{turn}"}, to=other)
    browser = as_person(desk.cast.head)
    page = text(browser.get("/ledger"))
    figures = re.findall(r'<a class="v-fig[^"]*" href="([^"]+)"[^>]*>(\d+)</a>', page)
    assert len(figures) > 6
    for url, shown in figures:
        listed = text(browser.get(url.replace("&amp;", "&")))
        assert listed.count('class="v-entry"') == int(shown), url


def test_only_those_who_may_see_the_ledger(desk: Office, source: Source, arrive, as_person) -> None:
    entry = arrive(CHANGED)
    for person in (desk.cast.owner, desk.cast.stranger, desk.cast.administrator):
        browser = as_person(person)
        for url in ("/ledger", f"/ledger/entries/{entry.pk}", "/settings/sources", f"/settings/sources/{source.pk}"):
            assert browser.get(url).status_code in (403, 404), url
        for verb in ("mending", "rejection", "spam"):
            assert browser.post(f"/ledger/entries/{entry.pk}/{verb}").status_code in (403, 404)
    entry.refresh_from_db()
    assert entry.account == "failed"


def test_sources_of_another_brand_are_not_there(desk: Office, arrive, as_person) -> None:
    foreign = register_source(
        by=actor.system("test"), title="Чужая форма", profile="tilda", brand=desk.cast.other_brand
    )
    entry = arrive(CHANGED, to=foreign)
    browser = as_person(desk.cast.head)
    assert "Чужая форма" not in text(browser.get("/ledger"))
    for verb in ("", "/mending", "/rejection", "/spam"):
        url = f"/ledger/entries/{entry.pk}{verb}"
        assert (browser.post(url) if verb else browser.get(url)).status_code == 404
    assert "Чужая форма" in text(as_person(desk.cast.director).get("/ledger"))


def test_what_came_is_shown_but_never_run(desk: Office, arrive, as_person) -> None:
    entry = arrive({"<script>alert(1)</script>": "<img src=x onerror=alert(2)>", "Телефон_2": "+79052186604"})
    page = text(as_person(desk.cast.head).get(f"/ledger/entries/{entry.pk}"))
    assert "<script>alert" not in page and "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_mending_reads_all_that_failed_alike(desk: Office, source: Source, arrive, as_person) -> None:
    entries = [arrive(CHANGED | {"Телефон_2": f"+7905218660{turn}"}) for turn in range(3)]
    browser = as_person(desk.cast.head)
    page = text(browser.get(f"/ledger/entries/{entries[0].pk}"))
    assert "Телефон_2" in page and "Повторить все 3" in page
    sent = {"field": "Телефон_2", "target": "phone", "which": "all"}
    answer = browser.post(f"/ledger/entries/{entries[0].pk}/mending", sent, **HTMX)
    assert "ждёт" in text(answer) and "toast" in json.loads(answer["HX-Trigger"])
    for entry in entries:
        assert settle(entry.pk).account in ("deal", "attached")
    source.refresh_from_db()
    assert source.mapping == {"Телефон_2": "phone"}
    assert arrive(CHANGED | {"Телефон_2": "+79052186609"}).account == "deal", "and from now on"


def test_only_this_one(desk: Office, arrive, as_person) -> None:
    first, second = (arrive(CHANGED | {"Телефон_2": f"+7905218660{turn}"}) for turn in range(2))
    sent = {"field": "Телефон_2", "target": "phone", "which": "one"}
    as_person(desk.cast.head).post(f"/ledger/entries/{first.pk}/mending", sent, **HTMX)
    assert settle(first.pk).account == "deal"
    second.refresh_from_db()
    assert second.account == "failed"


def test_a_wrong_target_is_refused_beside_the_field(desk: Office, source: Source, arrive, as_person) -> None:
    entry = arrive(CHANGED)
    sent = {"field": "Телефон_2", "target": "deal.nowhere", "which": "all"}
    answer = as_person(desk.cast.head).post(f"/ledger/entries/{entry.pk}/mending", sent, **HTMX)
    assert answer.status_code == 422 and 'aria-invalid="true"' in text(answer)
    source.refresh_from_db()
    assert source.mapping == {}


def test_rejecting_takes_a_reason(desk: Office, arrive, as_person) -> None:
    entry = arrive(CHANGED)
    browser = as_person(desk.cast.head)
    assert browser.post(f"/ledger/entries/{entry.pk}/rejection", {"reason": " "}, **HTMX).status_code == 422
    browser.post(f"/ledger/entries/{entry.pk}/rejection", {"reason": "Проверка формы"}, **HTMX)
    page = text(browser.get("/ledger"))
    assert "Проверка формы" in page.split("v-book-foot")[1]
    again = browser.post(f"/ledger/entries/{entry.pk}/rejection", {"reason": "ещё"}, **HTMX)
    assert again.status_code == 409


def test_a_deal_is_linked_only_for_those_who_may_see_it(desk: Office, arrive, as_person) -> None:
    entry = arrive(GOOD)
    url, link = f"/ledger/entries/{entry.pk}", f'href="/deals/{entry.deal_id}"'
    assert link in text(as_person(desk.cast.head).get(url))
    Deal.objects.filter(pk=entry.deal_id).update(audience=["s:0"])
    page = text(as_person(desk.cast.head).get(url))
    assert link not in page and "Стала сделкой" in page


@pytest.mark.parametrize(
    "query",
    [
        "day=2026-99-99",
        "day=1066-01-01",
        "day=9999-01-01",
        "account=x",
        "source=x",
        "source=999999999",
        "account=all&after=zzz",
        "part=book",
        "part=more&account=all&after=~",
    ],
)
def test_a_spoilt_address_is_read_as_the_usual(desk: Office, source: Source, as_person, query: str) -> None:
    assert as_person(desk.cast.head).get(f"/ledger?{query}").status_code == 200


def test_queries_do_not_grow_with_the_entries(desk: Office, source: Source, arrive, as_person) -> None:
    browser = as_person(desk.cast.head)
    first = arrive(GOOD)
    register_source(by=actor.system("test"), title="Пустой", profile="form", brand=desk.cast.brand)

    def queries(url: str) -> int:
        browser.get(url)
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(url).status_code == 200
        return len(seen)

    urls = ("/ledger", "/ledger?part=book", "/ledger?account=all", f"/ledger/entries/{first.pk}")
    before = {url: queries(url) for url in urls}
    for turn in range(12):
        arrive(GOOD | {"Phone": f"+790521866{turn:02}"})
        register_source(by=actor.system("test"), title=f"Источник {turn}", profile="form", brand=desk.cast.brand)
    after = {url: queries(url) for url in urls}
    assert after == before
    assert max(after.values()) <= 15, after


def test_the_remedy_of_many_costs_as_many_queries_as_of_one(desk: Office, arrive, as_person) -> None:
    browser = as_person(desk.cast.head)
    first = arrive(CHANGED)

    def queries() -> int:
        browser.get(f"/ledger/entries/{first.pk}")
        with CaptureQueriesContext(connection) as seen:
            browser.get(f"/ledger/entries/{first.pk}?part=side")
        return len(seen)

    before = queries()
    for turn in range(20):
        arrive(CHANGED | {"Телефон_2": f"+790521866{turn:02}"})
    assert queries() == before
