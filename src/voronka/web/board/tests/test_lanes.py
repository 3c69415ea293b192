"""Lanes: what each holds, what a drop between them does, and how it is taken back."""

import json
import re
from html import unescape
from urllib.parse import urlencode

import pytest

from voronka.deals.models import Deal
from voronka.testing.office import Office

BOARD = "/board?funnel=first&lanes=responsible"
HX = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{BOARD}"}


def drop(browser, deal: Deal, **where):
    return browser.put(f"/deals/{deal.pk}/stage", urlencode(where, doseq=True), headers=HX)


def undo_of(answer) -> dict:
    return json.loads(answer.headers["HX-Trigger"])["toast"]["undo"]


def test_each_lane_counts_its_own(office: Office, as_person):
    cast = office.cast
    for number in range(8):
        office.deal(f"Клиент {number}")
    office.deal("Чужой", by=cast.colleague)
    browser = as_person(cast.head)
    page = browser.get(BOARD).content.decode()
    mine = page.split(f'id="lane-{cast.owner.pk}"')[1].split('<section class="v-lane"')[0]
    assert "8 сделок" in mine
    assert mine.count("<article") == 6
    more = mine.split('class="v-pager"')[1].split('hx-get="')[1].split('"')[0].replace("&amp;", "&")
    assert browser.get(more).content.decode().count("<article") == 2
    body = browser.get(f"/board/lanes/{cast.colleague.pk}?funnel=first&lanes=responsible").content.decode()
    assert "Чужой" in body
    heads = browser.get("/board/lanes?funnel=first&lanes=responsible").content.decode()
    assert heads.count('class="v-lane-h"') == 3
    assert (
        as_person(cast.stranger).get(f"/board/lanes/{cast.owner.pk}?funnel=first&lanes=responsible").status_code == 204
    )


def test_a_drop_between_lanes_hands_over_and_moves_as_one(office: Office, as_person):
    cast, deal, browser = office.cast, office.deal(), as_person(office.cast.owner)
    answer = drop(
        browser,
        deal,
        stage=office.stage("picked").pk,
        lanes="responsible",
        lane=cast.colleague.pk,
    )
    assert answer.status_code == 204
    deal.refresh_from_db()
    assert (deal.responsible, deal.stage.key) == (cast.colleague, "picked")
    undo = undo_of(answer)
    assert as_person(cast.colleague).post(undo["url"], undo["values"], headers=HX).status_code == 404
    assert browser.post(undo["url"], undo["values"], headers=HX).status_code == 204
    deal.refresh_from_db()
    assert (deal.responsible, deal.stage.key) == (cast.owner, "taken")


def test_a_drop_that_lacks_data_keeps_its_lane(office: Office, as_person):
    """The dialog carries the lane on; until it goes through nothing has changed."""
    cast, deal, browser = office.cast, office.deal(stage="picked"), as_person(office.cast.owner)
    where = {"stage": office.stage("booked").pk, "lanes": "location", "lane": cast.location.pk}
    asked = drop(browser, deal, **where)
    assert asked.status_code == 422
    assert f'name="lane" value="{cast.location.pk}"' in asked.content.decode()
    deal.refresh_from_db()
    assert deal.location is None
    form = {**office.booked(), **where}
    done = drop(browser, deal, **form, asked=list(office.booked()))
    assert done.status_code == 200
    deal.refresh_from_db()
    assert (deal.location, deal.stage.key) == (cast.location, "booked")


def test_whoever_may_not_hand_over_is_told_why(office: Office, as_person):
    cast, deal = office.cast, office.deal(by=office.cast.partner)
    browser = as_person(cast.owner)
    told = browser.get(f"/deals/{deal.pk}/moves").json()
    assert told["lane"]["locked"]
    answer = drop(browser, deal, stage=deal.stage_id, lanes="responsible", lane=cast.owner.pk)
    assert answer.status_code == 409
    assert answer.json()["reason"] == told["lane"]["locked"]
    nobody = drop(browser, deal, stage=deal.stage_id, lanes="responsible", lane="none")
    assert nobody.status_code == 409


@pytest.mark.parametrize("key", ["x", "-1", "99999999999999999999"])
def test_a_mangled_lane_is_a_404(office: Office, as_person, key: str):
    browser = as_person(office.cast.head)
    assert browser.get(f"/board/lanes/{key}?funnel=first&lanes=responsible").status_code == 404
    stage = office.stage("taken").pk
    assert browser.get(f"/board/stages/{stage}/tiles?funnel=first&lanes=responsible&lane={key}").status_code == 404


def test_a_full_stage_warns_before_the_drop_and_refuses_where_it_is_so_written(office: Office, as_person):
    browser, deal = as_person(office.cast.owner), office.deal()
    office.deal(stage="picked")
    full, stage = "уже 1 из 1", office.funnel.stages.filter(key="picked")
    stage.update(wip_limit=1)
    told = browser.get(f"/deals/{deal.pk}/moves").json()["stages"][str(office.stage("picked").pk)]
    assert full in told["warning"]
    assert not told["locked"]
    stage.update(wip_enforced=True)
    assert full in browser.get(f"/deals/{deal.pk}/moves").json()["stages"][str(office.stage("picked").pk)]["locked"]
    assert full in drop(browser, deal, stage=office.stage("picked").pk).json()["reason"]
    stage.update(wip_per="responsible")
    mine = office.deal(by=office.cast.colleague)
    assert drop(as_person(office.cast.colleague), mine, stage=office.stage("picked").pk).status_code == 200


def test_a_tile_is_changed_where_it_stands_and_put_back(office: Office, as_person):
    cast, deal = office.cast, office.deal()
    office.step(deal, "Перезвонить")
    browser = as_person(cast.owner)
    form = quick_form(browser, deal)
    form |= {"amount": "12 500", "step": "Прислать варианты", "tags": "VIP, Школа"}
    answer = browser.put(f"/deals/{deal.pk}/quick", urlencode(form), headers=HX)
    assert answer.status_code == 200, answer.content.decode()
    tile = answer.content.decode()
    assert "12\xa0500" in tile
    assert "Прислать варианты" in tile
    deal.refresh_from_db()
    assert (deal.amount, len(deal.tags)) == (12500, 2)
    undo = undo_of(answer)
    assert browser.post(undo["url"], undo["values"], headers=HX).status_code == 204
    deal.refresh_from_db()
    assert (deal.amount, deal.tags) == (0, [])
    assert "Прислать варианты" not in deal.tasks.values_list("title", flat=True)
    assert browser.post(undo["url"], undo["values"], headers=HX).status_code == 404


def test_two_people_at_one_tile_lose_nothing(office: Office, as_person):
    """What others have changed meanwhile is told; what they changed and I did not touch stays theirs."""
    deal = office.deal()
    first, second = as_person(office.cast.owner), as_person(office.cast.partner)
    mine, theirs = quick_form(first, deal), quick_form(second, deal)
    second.put(f"/deals/{deal.pk}/quick", urlencode({**theirs, "amount": "20000", "title": "Выпускной"}), headers=HX)
    answer = first.put(f"/deals/{deal.pk}/quick", urlencode({**mine, "amount": "15000"}), headers=HX)
    assert answer.status_code == 422
    told = answer.content.decode()
    assert "20000" in told.split("Тем временем стало")[1]
    assert 'value="15000"' in told
    first.put(f"/deals/{deal.pk}/quick", urlencode({**inputs(told), "amount": "15000"}), headers=HX)
    deal.refresh_from_db()
    assert (deal.amount, deal.title) == (15000, "Выпускной")


def test_wrong_values_stay_typed_at_the_tile(office: Office, as_person):
    deal = office.deal()
    browser = as_person(office.cast.owner)
    form = {**quick_form(browser, deal), "amount": "много", "tags": "VIP"}
    answer = browser.put(f"/deals/{deal.pk}/quick", urlencode(form), headers=HX)
    assert answer.status_code == 422
    assert inputs(answer.content.decode())["amount"] == "много"
    assert "v-err" in answer.content.decode()
    deal.refresh_from_db()
    assert deal.tags == []


def quick_form(browser, deal: Deal) -> dict[str, str]:
    answer = browser.get(f"/deals/{deal.pk}/quick", headers=HX)
    assert answer.status_code == 200
    return inputs(answer.content.decode())


def inputs(html: str) -> dict[str, str]:
    """What a browser would send of the form."""
    fields = dict(re.findall(r'<input[^>]* name="(\w+)"[^>]* value="([^"]*)"', html))
    for name, options in re.findall(r'<select[^>]* name="(\w+)".*?>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        fields[name] = chosen[1] if chosen else ""
    return {name: unescape(value) for name, value in fields.items()}
