"""Deals that belong together, a copy of a deal, the card on paper."""

import json

from voronka.catalogue.models import Product
from voronka.deals.actions import add_line, add_note, assign_deal, change_deal, create_deal, link_deals, pin_note
from voronka.deals.models import Deal, DealLink
from voronka.deals.veil import veil
from voronka.kernel.models import Event
from voronka.testing.office import Office


def strangers(office: Office, name: str) -> Deal:
    return assign_deal(office.deal(name).pk, by=office.cast.director.actor, to=office.cast.stranger)


def test_two_deals_are_linked_in_words_and_parted(office: Office, as_person):
    deal, other = office.deal("Ирина"), office.deal("Пётр")
    browser = as_person(office.cast.owner)
    url = f"/deals/{deal.pk}/links"
    assert browser.post(url, {"other": f"№{other.pk}", "word": "посоветовала"}).status_code == 204
    for here, there in ((deal, other), (other, deal)):
        page = browser.get(f"/deals/{here.pk}").content.decode()
        assert "посоветовала" in page
        assert f'href="/deals/{there.pk}"' in page
    browser.post(url, {"other": f"http://testserver/deals/{other.pk}", "word": "перенос"})
    assert DealLink.objects.get().word == "перенос"
    browser.post(f"/deals/{other.pk}/links/{deal.pk}/parting")
    assert not DealLink.objects.exists()


def test_wrong_links_are_refused_beside_their_field(office: Office, as_person):
    deal, foreign = office.deal("Ирина"), strangers(office, "Пётр")
    browser, url = as_person(office.cast.owner), f"/deals/{deal.pk}/links"
    for other in ("", "Пётр", str(deal.pk), str(foreign.pk), "999999"):
        answer = browser.post(url, {"other": other, "word": "перенос"})
        assert answer.status_code == 422, other
        assert 'id="id-other-err"' in answer.content.decode(), other
    assert browser.post(url, {"other": "1", "word": ""}).status_code == 422
    assert not DealLink.objects.exists()


def test_a_deal_to_link_with_is_found_by_number_name_or_phone(office: Office, as_person):
    deal, other, secret = office.deal("Ирина Соколова"), office.deal("Пётр Орлов"), strangers(office, "Пётр Тайный")
    browser = as_person(office.cast.owner)

    def found(typed: str) -> list[int]:
        return [one["id"] for one in browser.get(f"/deals/{deal.pk}/links/options", {"q": typed}).json()["options"]]

    phone = other.contact.identities.get().value
    for typed in (f"№{other.pk}", f"http://x/deals/{other.pk}", "орлов", "jhkjd", "петр", phone[-7:]):
        assert found(typed) == [other.pk], typed
    assert found("") == [] and found(f"{secret.pk}") == [] and found("тайный") == []
    own = create_deal(by=office.cast.owner.actor, funnel=office.funnel, company=deal.company, brand=office.cast.brand)
    assert found("") == [own.pk], "others of the same client come first"
    typed = {"other": "", "typed": f"№{other.pk}", "word": "перенос"}
    assert browser.post(f"/deals/{deal.pk}/links", typed).status_code == 204, "a number needs no choosing"


def test_a_link_opens_nothing(office: Office, as_person):
    """Whoever does not see the other deal does not see that there is one."""
    deal, secret = office.deal("Ирина"), strangers(office, "Пётр Тайный")
    link_deals(deal.pk, secret.pk, by=office.cast.director.actor, word="спор")
    page = as_person(office.cast.owner).get(f"/deals/{deal.pk}/right").content.decode()
    assert "Тайный" not in page
    assert "спор" not in page
    assert "спор" in as_person(office.cast.director).get(f"/deals/{deal.pk}/right").content.decode()
    owner = as_person(office.cast.owner)
    assert "спор" not in owner.get(f"/deals/{deal.pk}/history").content.decode()
    assert "спор" in as_person(office.cast.director).get(f"/deals/{deal.pk}/history").content.decode()
    linked = Event.objects.get(deal_id=deal.pk, kind="deal.linked")
    assert veil(office.cast.owner.actor)(linked.data) == {}
    assert veil(office.cast.director.actor)(linked.data) == {"other": secret.pk, "word": "спор"}


def test_the_clients_other_deals_are_named(office: Office, as_person):
    deal = office.deal()
    browser = as_person(office.cast.owner)
    browser.post(f"/deals/{deal.pk}/copy", {})
    made = Deal.objects.latest("pk")
    assert f"№{made.pk}" in browser.get(f"/deals/{deal.pk}/right").content.decode()
    assert not DealLink.objects.exists()


def test_a_copy_takes_along_what_was_chosen(office: Office, as_person):
    deal = office.deal(stage="picked")
    by = office.cast.owner.actor
    change_deal(deal.pk, by=by, values={"players": "8"})
    product = Product.objects.filter(price__gt=0).first()
    add_line(deal.pk, by=by, product=product)
    office.step(deal, "Позвонить про торт", hours=5)
    pin_note(add_note(deal.pk, by=by, text="Аллергия на орехи").pk, by=by, pinned=True)
    browser = as_person(office.cast.owner)
    answer = browser.post(f"/deals/{deal.pk}/copy", dict.fromkeys(("fields", "lines", "tasks", "notes", "link"), "on"))
    made = Deal.objects.latest("pk")
    assert json.loads(answer.headers["HX-Trigger"])["toast"]["open"] == f"/deals/{made.pk}"
    assert (made.company_id, made.fields, made.amount) == (deal.company_id, {"players": 8}, product.price)
    assert (made.responsible, made.stage) == (office.cast.owner, office.stage("taken"))
    assert made.tasks.filter(title="Позвонить про торт").exists()
    assert made.notes.get().text == "Аллергия на орехи"
    assert DealLink.objects.get().word == "копия"
    assert as_person(office.cast.stranger).post(f"/deals/{deal.pk}/copy").status_code == 404


def test_the_sheet_holds_what_matters(office: Office, as_person):
    deal = office.deal()
    change_deal(deal.pk, by=office.cast.owner.actor, values={"players": "8"})
    add_note(deal.pk, by=office.cast.owner.actor, text="Аллергия на орехи")
    page = as_person(office.cast.owner).get(f"/deals/{deal.pk}/print").content.decode()
    for text in ("8\xa0чел.", "Аллергия на орехи", "+7\xa0921", f"№{deal.pk}"):
        assert text in page, text
    assert as_person(office.cast.stranger).get(f"/deals/{deal.pk}/print").status_code == 404
