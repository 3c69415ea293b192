"""Tags on cards: typed by name, made by the way, taken off; through the gate."""

import pytest

from voronka.clients.models import Company, Tag
from voronka.clients.tags import active_tags, change_tag, retire_tag, tag_company
from voronka.deals.models import Deal
from voronka.kernel.errors import FieldErrors
from voronka.kernel.models import Event

pytestmark = pytest.mark.django_db


def test_a_tag_is_hung_on_found_again_and_taken_off(office, as_person):
    cast = office.cast
    deal = office.deal()
    browser = as_person(cast.owner)
    text = browser.post(f"/deals/{deal.pk}/tags", {"add": "VIP,  день   рождения, vip"}).content.decode()
    assert "VIP" in text and "день рождения" in text and text.count("v-tag is-") == 2
    assert Tag.objects.count() == 2
    browser.post(f"/deals/{deal.pk}/tags", {"add": "Vip"})
    assert Tag.objects.count() == 2, "the same word in other letters is the same tag"
    [key] = [key for key, tag in active_tags().items() if tag.title == "VIP"]
    left = browser.post(f"/deals/{deal.pk}/tags", {"remove": key}).content.decode()
    assert left.count("v-tag is-") == 1
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
    change_tag(old.pk, by=by, title="Новое", colour="green")
    assert active_tags()[company.tags[0]].title == "Новое"
    with pytest.raises(FieldErrors):
        change_tag(old.pk, by=by, title="другое", colour="green")
    retire_tag(other.pk, by=by)
    assert list(active_tags()) == [old.key]
    again = tag_company(company.pk, by=by, add=["другое"])
    assert other.key in active_tags() and again.tags == company.tags
