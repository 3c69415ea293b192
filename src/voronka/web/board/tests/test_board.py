"""The board over HTTP: how many queries it costs, and who sees what of it."""

import json
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from voronka.deals.actions import change_deal, move_deal, take_deal
from voronka.deals.models import LossReason
from voronka.testing.office import Office

BOARD = "/board?funnel=first"
MOST_QUERIES = 8


def get(browser, url: str, **headers):
    return browser.get(url, headers={"HX-Request": "true", **headers})


@pytest.mark.parametrize(("mode", "tiles"), [("", 12), ("&lanes=responsible", 8), ("&lanes=location", 8)])
def test_the_number_of_queries_does_not_grow_with_the_tiles(office: Office, as_person, mode: str, tiles: int):
    """A cell of a lane shows its first six."""
    browser = as_person(office.cast.owner)
    office.inquiry()
    office.deal()
    browser.get(BOARD + mode)
    with CaptureQueriesContext(connection) as few:
        browser.get(BOARD + mode)
    for _ in range(10):
        office.deal(stage="picked")
    with CaptureQueriesContext(connection) as many:
        page = browser.get(BOARD + mode)
    assert page.content.count(b'<article class="v-tile') == tiles
    assert len(many) <= len(few), [q["sql"] for q in many if q["sql"][:60] not in {f["sql"][:60] for f in few}]
    assert len(many) <= MOST_QUERIES, "\n".join(query["sql"][:140] for query in many)


def test_heads_count_and_sum_in_the_database(office: Office, as_person):
    """AN-4: the figure of a head is the list it opens."""
    for amount in ("12000", "18000.50"):
        deal = office.deal()
        change_deal(deal.pk, by=office.cast.owner.actor, values={"amount": amount})
    page = (
        as_person(office.cast.owner).get(f"/board/stages/{office.stage('taken').pk}/head?funnel=first").content.decode()
    )
    assert "30\xa0000,50\xa0₽" in page


def test_each_sees_own_deals_only(office: Office, as_person):
    untaken, taken = office.inquiry("Ничья"), office.deal("Моя")
    seen = {
        person.name: {
            deal.pk
            for deal in (untaken, taken)
            if f'id="tile-{deal.pk}"'.encode() in as_person(person).get(BOARD).content
        }
        for person in office.cast.everybody
    }
    both, only = {untaken.pk, taken.pk}, {untaken.pk}
    cast = office.cast
    assert seen == {
        cast.owner.name: both,
        cast.partner.name: both,
        cast.colleague.name: only,
        cast.head.name: both,
        cast.administrator.name: set(),
        cast.director.name: both,
        cast.stranger.name: set(),
    }


def test_a_tile_that_left_the_filter_is_an_empty_answer(office: Office, as_person):
    deal = office.deal()
    mine = json.dumps(["responsible", "in", ["me"]])
    partner = as_person(office.cast.partner)
    assert get(partner, f"/deals/{deal.pk}/tile?funnel=first").status_code == 200
    assert partner.get(f"/deals/{deal.pk}/tile", {"funnel": "first", "filter": mine}).status_code == 204
    assert get(partner, f"/deals/{deal.pk}/tile?funnel=repeat").status_code == 204
    reason = LossReason.objects.filter(funnel=office.funnel, comment_required=False).first()
    move_deal(deal.pk, by=office.cast.owner.actor, to=office.stage("lost"), loss_reason=reason)
    assert get(partner, f"/deals/{deal.pk}/tile?funnel=first").status_code == 204


@pytest.mark.parametrize("order", ["step", "new", "long", "amount"])
def test_pages_of_a_column_meet_without_a_gap(office: Office, as_person, order: str):
    """Keyset paging by every order, also where many have no step or one sum."""
    for number in range(45):
        deal = office.deal(f"Клиент {number}")
        if number % 3 == 0:
            deal.tasks.all().delete()
            type(deal).objects.filter(pk=deal.pk).update(next_step_at=None, amount=Decimal(number % 4))
    browser = as_person(office.cast.owner)
    first = browser.get(f"{BOARD}&sort={order}").content.decode()
    address = first.split('hx-get="/board/stages/')[1].split('"')[0].replace("&amp;", "&")
    second = browser.get(f"/board/stages/{address}").content.decode()
    ids = [part.split('"')[0] for page in (first, second) for part in page.split('id="tile-')[1:]]
    assert len(ids) == 45
    assert len(set(ids)) == 45


@pytest.mark.parametrize(
    "bad",
    ["after=x", "after=~", "after=~99999999999999999999", "after=2026-01-01~1", "sort=%00", "filter=%5B", "filter=[1]"],
)
def test_a_mangled_address_is_never_a_500(office: Office, as_person, bad: str):
    office.deal()
    browser = as_person(office.cast.owner)
    for path in (BOARD, f"/board/stages/{office.stage('taken').pk}/tiles?funnel=first"):
        assert browser.get(f"{path}&{bad}").status_code in (200, 422)
    assert browser.get("/board?funnel=nothing").status_code == 404
    assert browser.get("/board").status_code == 302


def test_the_late_one_is_told_who_was_quicker(office: Office, as_person):
    """IN-3; a stranger is not even told that there is a deal."""
    deal = office.inquiry()
    take_deal(deal.pk, by=office.cast.owner.actor)
    answer = as_person(office.cast.colleague).post(f"/deals/{deal.pk}/taking", headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "Мария Тен" in answer.json()["reason"]
    assert as_person(office.cast.stranger).post(f"/deals/{deal.pk}/taking").status_code == 404


def test_a_limited_stage_tells_how_full_it_is(office: Office, as_person):
    """Amber when it is full, red over its limit; the whole stage counts, whoever looks."""
    browser = as_person(office.cast.stranger)
    office.funnel.stages.filter(key="taken").update(wip_limit=1)
    head = f"/board/stages/{office.stage('taken').pk}/head?funnel=first"
    assert 'title="Не больше 1 сделки на стадии"' in browser.get(head).content.decode()
    office.deal()
    assert 'class="v-wip is-today"' in browser.get(head).content.decode()
    office.deal()
    assert 'class="v-wip is-late"' in browser.get(head).content.decode()
