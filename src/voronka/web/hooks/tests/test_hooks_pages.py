"""Who connects systems makes a webhook, reads its log, sends again."""

import re

import pytest

from voronka.deals.actions import add_note
from voronka.hooks.models import Delivery, Hook
from voronka.hooks.sender import claim, deliver
from voronka.testing.receiver import Receiver


@pytest.fixture
def receiver(monkeypatch):
    with Receiver() as receiver:
        monkeypatch.setenv("VORONKA_HOOK_HOSTS", receiver.origin)
        yield receiver


def test_from_a_new_hook_to_sending_again(as_person, office, receiver):
    browser = as_person(office.cast.director)
    typed = {"title": "Склад", "url": receiver.url, "kinds": ["note.added"]}
    made = browser.post("/settings/webhooks/new", typed, HTTP_HX_REQUEST="true")
    secret = re.search(r"whk_[\w-]+", made.text)[0]
    deal = office.deal()
    add_note(deal.pk, by=deal.responsible.actor, text="Торт в шесть")
    for one in claim():
        deliver(one)
    assert receiver.told[0].is_signed_with(secret)
    hook, delivery = Hook.objects.get(), Delivery.objects.get()
    page = browser.get(f"/settings/webhooks/{hook.pk}").text
    assert f'href="/deals/{deal.pk}"' in page
    assert secret not in page
    assert f'action="/settings/webhooks/{hook.pk}/deliveries/{delivery.pk}/replay"' in page
    browser.post(f"/settings/webhooks/{hook.pk}/deliveries/{delivery.pk}/replay")
    for one in claim():
        deliver(one)
    assert [told.body["delivery"] for told in receiver.told] == [delivery.pk, delivery.pk]
    assert "Торт" not in browser.get(f"/settings/webhooks/{hook.pk}?state=failed").text
    assert "Склад" in browser.get("/settings/webhooks").text
    browser.post(f"/settings/webhooks/{hook.pk}/activity", {"active": "0"})
    assert browser.post(f"/settings/webhooks/{hook.pk}/deliveries/{delivery.pk}/replay").status_code == 409
    browser.post(f"/settings/webhooks/{hook.pk}/removal")
    assert not Hook.objects.exists()


def test_a_wrong_address_is_said_beside_its_field(as_person, office):
    typed = {"title": "Склад", "url": "https://127.0.0.1/x", "kinds": ["note.added"]}
    wrong = as_person(office.cast.director).post("/settings/webhooks/new", typed)
    assert wrong.status_code == 422
    assert 'id="id-url-err"' in wrong.text
    assert 'value="https://127.0.0.1/x"' in wrong.text
    assert re.search(r'value="note.added"[^>]* checked', wrong.text)


def test_others_have_no_such_page(as_person, office):
    assert as_person(office.cast.owner).get("/settings/webhooks").status_code == 403
