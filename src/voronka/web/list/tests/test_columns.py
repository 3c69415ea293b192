"""Columns are each person's own; cells change by the card's actions; the foot sums what is shown over the whole filter."""

from decimal import Decimal

import pytest

from voronka.clients.tags import active_tags
from voronka.deals.actions import change_deal, tag_deals
from voronka.deals.models import Deal
from voronka.kernel.models import Event

pytestmark = pytest.mark.django_db
PUT = {"content_type": "application/x-www-form-urlencoded"}


def heads(page) -> list[str]:
    return [piece.split('"')[0] for piece in page.content.decode().split('data-column-key="')[1:]]


def test_columns_are_chosen_ordered_and_widened_by_each_for_themselves(office, as_person):
    cast = office.cast
    office.deal()
    mine, other = as_person(cast.owner), as_person(cast.partner)
    before = heads(other.get("/deals"))
    assert (
        mine.put("/deals/columns", "column=amount&column=client&column=created&column=nothing", **PUT).status_code
        == 204
    )
    mine.put("/deals/columns/amount/width", "width=210", **PUT)
    mine.put("/deals/columns/client/width", "width=99999", **PUT)
    page = mine.get("/deals")
    assert heads(page) == ["amount", "client", "created"]
    assert "--w:210px" in page.content.decode() and "--w:800px" in page.content.decode()
    assert heads(other.get("/deals")) == before
    mine.put("/deals/columns", "column=amount", **PUT)
    assert heads(mine.get("/deals")) == ["client", "amount"], "the client always stays"
    mine.delete("/deals/columns")
    assert heads(mine.get("/deals")) == before


def test_every_column_shows_and_sorts(office, as_person):
    cast = office.cast
    deal = office.deal("Ирина", stage="booked", **office.booked())
    office.inquiry("Не взята")
    tag_deals([deal.pk], by=cast.director.actor, add=["VIP"])
    browser = as_person(cast.head)
    dialog = browser.get("/deals/columns").content.decode()
    keys = [piece.split('"')[0] for piece in dialog.split('name="column" value="')[1:]]
    browser.put("/deals/columns", "&".join(f"column={key}" for key in keys), **PUT)
    page = browser.get("/deals")
    assert heads(page) == keys
    assert "VIP" in page.content.decode() and "Сенная" in page.content.decode()
    for key in keys:
        for sort in (key, f"-{key}"):
            assert browser.get("/deals", {"sort": sort}).status_code == 200, sort


def test_a_cell_changes_by_the_action_of_the_card(office, as_person):
    cast = office.cast
    deal = office.deal("Ирина", stage="picked")
    browser = as_person(cast.owner)
    page = browser.get("/deals").content.decode()
    assert f'id="cell-{deal.pk}-amount"' in page and 'id="list-people"' in page
    url = f"/deals/{deal.pk}/cell?funnel=first"
    answer = browser.patch(url, "amount=12 500&version=0", **PUT)
    assert answer.status_code == 200 and f'id="deal-{deal.pk}"' in answer.content.decode()
    assert Deal.objects.get(pk=deal.pk).amount == Decimal(12500)
    assert Event.objects.filter(deal_id=deal.pk, kind="deal.changed", person_id=cast.owner.pk).exists()
    stale = browser.patch(url, "amount=1&version=100", **PUT)
    assert stale.status_code == 409 and stale.json()["theirs"] == "12500"
    headers = {"HX-Request": "true"}
    assert browser.patch(url, "amount=много", headers=headers, **PUT).json()["errors"]["amount"]
    lacking = browser.patch(url, f"stage={office.stage('booked').pk}", headers=headers, **PUT)
    assert lacking.status_code == 422 and "дата игры" in lacking.json()["errors"]["stage"]
    assert browser.patch(url, f"responsible={cast.partner.pk}", **PUT).status_code == 200
    assert Deal.objects.get(pk=deal.pk).responsible == cast.partner
    assert browser.patch(url, "responsible=0", **PUT).status_code == 422
    assert browser.patch(url, "version=1", **PUT).status_code == 404


def test_a_cell_of_a_foreign_deal_is_not_there(office, as_person):
    cast = office.cast
    deal = office.deal("Чужая", by=cast.colleague)
    assert as_person(cast.owner).patch(f"/deals/{deal.pk}/cell", "amount=1", **PUT).status_code == 404
    assert as_person(cast.stranger).patch(f"/deals/{deal.pk}/cell", "amount=1", **PUT).status_code == 404


def test_the_foot_sums_the_shown_figures_over_the_whole_filter(office, as_person):
    cast = office.cast
    for number in range(3):
        deal = office.deal(f"Клиент {number}")
        change_deal(deal.pk, by=cast.owner.actor, values={"amount": str(1000 * number), "players": "4"})
    text = as_person(cast.owner).get("/deals/totals?part=foot").content.decode()
    assert "3 сделки" in text and "3\u00a0000" in text and ">12<" in text.replace("\n", "")
    assert "1\u00a0000" in text, "the average of the amount"


def test_tags_are_found_by_the_filter(office, as_person):
    cast = office.cast
    tagged, plain = office.deal("С тегом"), office.deal("Без тега")
    tag_deals([tagged.pk], by=cast.owner.actor, add=["VIP"])
    [key] = active_tags()
    browser = as_person(cast.owner)
    for wire, found in ((f'["tags","in",["{key}"]]', tagged), ('["tags","empty"]', plain)):
        page = browser.get("/deals", {"filter": wire}).content.decode()
        assert f'id="deal-{found.pk}"' in page and page.count('<tr id="deal-') == 1
