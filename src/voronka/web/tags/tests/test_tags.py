"""Tags on cards: typed by name, made by the way, taken off; through the gate."""

import json

import pytest

from voronka.clients.models import Company, Tag
from voronka.clients.tags import active_tags, rename_tag, retire_tag, tag_company
from voronka.deals.actions import tag_deals
from voronka.deals.models import Deal
from voronka.kernel.errors import FieldErrors, Refusal
from voronka.kernel.models import Event

pytestmark = pytest.mark.django_db


def test_a_tag_is_hung_on_found_again_and_taken_off(office, as_person):
    cast = office.cast
    deal = office.deal()
    browser = as_person(cast.owner)
    text = browser.post(f"/deals/{deal.pk}/tags", {"add": "VIP,  день   рождения, vip"}).content.decode()
    assert "VIP" in text and "день рождения" in text and text.count('class="v-tag"') == 2
    assert Tag.objects.count() == 2
    browser.post(f"/deals/{deal.pk}/tags", {"add": "Vip"})
    assert Tag.objects.count() == 2, "the same word in other letters is the same tag"
    [key] = [key for key, tag in active_tags().items() if tag.title == "VIP"]
    left = browser.post(f"/deals/{deal.pk}/tags", {"remove": key}).content.decode()
    assert left.count('class="v-tag"') == 1
    event = Event.objects.filter(deal_id=deal.pk, kind="deal.tagged").latest("pk")
    assert event.data == {"added": [], "removed": ["VIP"]}
    assert "теги" in browser.get(f"/deals/{deal.pk}").content.decode()


def test_a_client_has_tags_of_its_own(office, as_person):
    deal = office.deal()
    text = as_person(office.cast.owner).post(f"/clients/{deal.company_id}/tags", {"add": "сеть"}).content.decode()
    assert "сеть" in text
    assert len(Company.objects.get(pk=deal.company_id).tags) == 1 and Deal.objects.get(pk=deal.pk).tags == []
    assert Event.objects.filter(company_id=deal.company_id, kind="client.tagged").count() == 1


def test_strangers_tag_nothing(office, as_person):
    deal = office.deal()
    stranger = as_person(office.cast.stranger)
    assert stranger.post(f"/deals/{deal.pk}/tags", {"add": "x"}).status_code == 404
    assert stranger.post(f"/clients/{deal.company_id}/tags", {"add": "x"}).status_code == 404
    assert not Tag.objects.exists()


def test_a_wrong_tag_is_told_and_kept(office, as_person):
    deal = office.deal()
    long = "я" * 61
    answer = as_person(office.cast.owner).post(f"/deals/{deal.pk}/tags", {"add": long})
    assert answer.status_code == 422 and long in answer.content.decode() and "aria-invalid" in answer.content.decode()


def test_a_tag_is_renamed_everywhere_and_retired_without_loss(office):
    by = office.cast.director.actor
    company = tag_company(office.deal().company_id, by=by, add=["Старое", "Другое"])
    old, other = Tag.objects.order_by("pk")
    rename_tag(old.pk, by=by, title="Новое")
    assert active_tags()[company.tags[0]].title == "Новое"
    with pytest.raises(FieldErrors):
        rename_tag(old.pk, by=by, title="другое")
    retire_tag(other.pk, by=by)
    assert list(active_tags()) == [old.key]
    again = tag_company(company.pk, by=by, add=["другое"])
    assert other.key in active_tags() and again.tags == company.tags


def test_the_page_counts_renames_merges_and_retires_and_every_act_is_taken_back(office, as_person):
    cast = office.cast
    first, second = office.deal("Первая"), office.deal("Вторая")
    tag_deals([first.pk], by=cast.owner.actor, add=["VIP"])
    tag_deals([first.pk, second.pk], by=cast.owner.actor, add=["вип"])
    vip, other = Tag.objects.get(title="VIP"), Tag.objects.get(title="вип")
    assert as_person(cast.owner).get("/settings/tags").status_code == 403
    browser = as_person(cast.director)

    def act(name, **form):
        answer = browser.post(f"/settings/tags/{name}", form, headers={"HX-Request": "true"})
        return answer, json.loads(answer.headers.get("HX-Trigger", "{}")).get("toast", {}).get("undo")

    def take_back(undo):
        browser.post(undo["url"], undo.get("values", {}), headers={"HX-Request": "true"})

    def hung(deal):
        return browser.get(f"/deals/{deal.pk}/tags").content.decode().count('class="v-tag"')

    assert browser.get("/settings/tags").content.decode().count('class="v-fig"') == 2
    answer, undo = act(f"{vip.pk}/merging", into=other.key)
    assert "VIP" in answer.content.decode() and hung(first) == 1 and list(active_tags()) == [other.key]
    for key in (vip.key, other.key):
        asked = json.dumps(["all", ["tags", "in", [key]]])
        page = browser.get("/deals", {"filter": asked}).content.decode()
        assert f'id="deal-{first.pk}"' in page and f'id="deal-{second.pk}"' in page and "вип" in page
    tag_deals([second.pk], by=cast.owner.actor, add=["vip"])
    assert Deal.objects.get(pk=second.pk).tags == [other.key], "the merged word is the other one"
    tag_deals([first.pk], by=cast.owner.actor, remove=[other.key])
    assert hung(first) == 0
    tag_deals([first.pk], by=cast.owner.actor, add=["вип"])
    take_back(undo)
    assert set(active_tags()) == {vip.key, other.key}
    _answer, undo = act(f"{vip.pk}/title", title="Важный")
    take_back(undo)
    assert act(f"{vip.pk}/title", title="ВИП")[0].status_code == 422
    assert act(f"{vip.pk}/merging", into=vip.key)[0].status_code == 422
    _answer, undo = act(f"{vip.pk}/retirement")
    assert vip.title in browser.get("/settings/tags?tab=retired").content.decode()
    take_back(undo)
    assert {tag.title for tag in active_tags().values()} == {"VIP", "вип"}
    with pytest.raises(Refusal):
        retire_tag(vip.pk, by=cast.owner.actor)
