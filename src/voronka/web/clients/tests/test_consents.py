"""What a client allows and refuses, and their data handed out."""

import io
import json
import zipfile

import pytest

from voronka.clients.actions import add_note, register_client
from voronka.clients.models import Consent, Denial
from voronka.kernel import actor
from voronka.kernel.models import Event

pytestmark = pytest.mark.django_db
BY = actor.system("test")


@pytest.fixture
def ira(cast):
    home = [f"s:{cast.owner.seat_id}"]
    return register_client(by=BY, name="Ирина", identities=[("phone", "+79214471833")], home=home)


def test_a_consent_is_noted_withdrawn_and_stays_as_evidence(ira, cast, as_person):
    browser, page = as_person(cast.owner), f"/clients/{ira.company_id}"
    wrong = browser.post(f"{page}/consents", {"contact": ira.pk, "purpose": "data", "basis": ""})
    assert wrong.status_code == 422 and "Напишите, как получено" in wrong.content.decode()
    form = {"contact": ira.pk, "purpose": "advertising", "basis": "галочка в форме", "given_on": "2026-01-15"}
    browser.post(f"{page}/consents", form)
    consent = Consent.objects.get()
    assert consent.given_at.isoformat().startswith("2026-01-1") and consent.noted_by == cast.owner
    assert "Рекламные сообщения" in browser.get(page).content.decode()
    assert as_person(cast.stranger).post(f"/consents/{consent.pk}/withdrawal").status_code == 404
    browser.post(f"/consents/{consent.pk}/withdrawal")
    assert Consent.objects.get().withdrawn_by == cast.owner
    shown = browser.get(page).content.decode()
    assert "отозвано" in shown and "согласие получено" in shown and "согласие отозвано" in shown


def test_a_refusal_needs_its_reason_and_can_be_taken_back(ira, cast, as_person):
    browser, page = as_person(cast.owner), f"/clients/{ira.company_id}"
    assert browser.post(f"{page}/denial", {"reason": " "}).status_code == 422
    browser.post(f"{page}/denial", {"reason": "Просит не звонить", "comment": "после третьего звонка"})
    assert "Отказ: Просит не звонить" in browser.get(page).content.decode()
    assert browser.post(f"{page}/denial", {"reason": "ещё раз"}).status_code == 422
    browser.post(f"{page}/denial/end")
    assert Denial.objects.get().ended_by == cast.owner
    assert "Отказ: " not in browser.get(page).content.decode()


def test_all_we_keep_is_handed_out_as_one_archive(ira, cast, as_person):
    add_note(ira.company_id, by=BY, text="любит страшное")
    cast.owner.role.may = [*cast.owner.role.may, "export_deals"]
    cast.owner.role.save()
    answer = as_person(cast.owner).post(f"/clients/{ira.company_id}/personal-data")
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    rows = json.loads(archive.read("data.json"))
    assert rows["clients_identity"][0]["value"] == "+79214471833"
    assert rows["clients_note"][0]["text"] == "любит страшное" and rows["kernel_event"]
    assert Event.objects.filter(kind="client.handed_out", person_id=cast.owner.pk).exists()
    cast.owner.role.may.remove("export_deals")
    cast.owner.role.save()
    assert as_person(cast.owner).post(f"/clients/{ira.company_id}/personal-data").status_code == 404
