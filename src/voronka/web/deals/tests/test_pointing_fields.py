"""Fields that lead to a client or hold files: on the card, in the list and its filter, on the way to a stage, through
the gate."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from voronka.clients.actions import register_client
from voronka.deals.actions import add_note, change_deal, copy_deal, create_deal
from voronka.deals.actions.declare_field import FieldFacts, change_field, declare_field
from voronka.deals.field_queries import preview
from voronka.deals.fields import spec_of
from voronka.deals.models import Deal, FieldDef
from voronka.kernel import actor
from voronka.kernel.errors import FieldErrors
from voronka.kernel.models import Attachment, Event
from voronka.testing.office import Office

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"
HIDDEN = "клиент, которого вы не видите"


@pytest.fixture
def partner(office: Office) -> FieldDef:
    return declare_field(by=office.cast.director.actor, facts=FieldFacts(title="Партнёр", type="client"))


@pytest.fixture
def contract(office: Office) -> FieldDef:
    stages = [office.stage("picked").pk]
    return declare_field(by=office.cast.director.actor, facts=FieldFacts(title="Договор", type="file", stages=stages))


def upload(name: str = "договор.pdf", body: bytes = b"%PDF") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body)


def patch(browser, deal: Deal, **values: object):
    body = "&".join(f"{key}={value}" for key, value in values.items())
    return browser.patch(f"/deals/{deal.pk}/fields", body, content_type=FORM)


def test_a_client_is_found_by_typing_and_told_by_name_only_to_those_who_see_it(office: Office, as_person, partner):
    cast, deal = office.cast, office.deal()
    foreign = register_client(by=actor.system("test"), name="Тайный Партнёр", home=[f"s:{cast.stranger.seat_id}"])
    own = office.deal("Ольга Общая").company
    browser = as_person(cast.owner)
    [found] = browser.get("/clients/options?q=общая").json()["options"]
    assert found["id"] == own.pk and found["note"].startswith("+7")
    assert browser.get("/clients/options?q=тайный").json()["options"] == []
    assert patch(browser, deal, partner=foreign.company_id).status_code == 422
    told = patch(browser, deal, partner=own.pk).content.decode()
    assert f'href="/clients/{own.pk}"' in told and "Ольга Общая" in told

    change_deal(deal.pk, by=cast.director.actor, values={partner.key: foreign.company_id})
    for address in (f"/deals/{deal.pk}", f"/deals/{deal.pk}/print", f"/deals/{deal.pk}/fields/partner/history"):
        text = browser.get(address).content.decode()
        assert HIDDEN in text and "Тайный" not in text
    assert "Тайный Партнёр" in as_person(cast.director).get(f"/deals/{deal.pk}").content.decode()


def test_the_list_shows_exports_and_filters_clients_in_a_fixed_number_of_queries(office: Office, as_person, partner):
    cast = office.cast
    first, second = office.deal("Анна Первая"), office.deal("Борис Второй")
    browser = as_person(cast.director)
    browser.put("/deals/columns", "column=client&column=partner", content_type=FORM)
    change_deal(first.pk, by=cast.director.actor, values={partner.key: second.company_id})
    browser.get("/deals")
    with CaptureQueriesContext(connection) as one:
        browser.get("/deals")
    change_deal(second.pk, by=cast.director.actor, values={partner.key: first.company_id})
    with CaptureQueriesContext(connection) as two:
        text = browser.get("/deals").content.decode()
    assert len(two) == len(one)
    assert text.count("Анна Первая") == 2 and 'data-kind="client"' in text
    sheet = b"".join(browser.get("/deals/export?as=csv").streaming_content).decode()
    assert sheet.count("Анна Первая") == 2

    def found(*condition: object) -> str:
        return browser.get("/deals", {"filter": json.dumps(["all", ["partner", *condition]])}).content.decode()

    assert f'id="deal-{first.pk}"' in found("=", second.company_id) and "Борис Второй" in found("=", second.company_id)
    assert f'id="deal-{second.pk}"' not in found("=", second.company_id)
    assert f'id="deal-{first.pk}"' in found("filled") and f'id="deal-{first.pk}"' not in found("empty")


def test_files_are_put_in_taken_out_and_put_back(office: Office, as_person, contract):
    deal, browser = office.deal(), as_person(office.cast.owner)
    address = f"/deals/{deal.pk}/fields/{contract.key}/files"
    text = browser.post(address, {"files": [upload(), upload("план.png", b"\x89PNG")]}).content.decode()
    assert "договор.pdf" in text and "<img" in text
    first, second = Deal.objects.get(pk=deal.pk).fields[contract.key]
    out = browser.delete(f"{address}/{first}")
    assert (
        "договор.pdf" not in out.content.decode() and json.loads(out["HX-Trigger"])["toast"]["undo"]["method"] == "put"
    )
    assert browser.put(f"{address}/{first}").status_code == 200
    assert Deal.objects.get(pk=deal.pk).fields[contract.key] == [second, first]
    card = browser.get(f"/deals/{deal.pk}").content.decode()
    assert "Договор +" in card and "−\N{NO-BREAK SPACE}<b>договор.pdf</b>" in card
    assert b"".join(browser.get(f"/deals/{deal.pk}/files/{first}").streaming_content) == b"%PDF"
    assert as_person(office.cast.stranger).post(address, {"files": [upload()]}).status_code == 404
    assert browser.post(address, {"files": [upload(str(n)) for n in range(11)]}).status_code == 422


def test_a_hidden_field_hides_its_files(office: Office, as_person):
    director = office.cast.director
    row = declare_field(by=director.actor, facts=FieldFacts(title="Паспорт", type="file", seen_by=[director.role.key]))
    deal = office.deal()
    as_person(director).post(f"/deals/{deal.pk}/fields/{row.key}/files", {"files": [upload("паспорт.pdf")]})
    [kept] = Deal.objects.get(pk=deal.pk).fields[row.key]
    owner = as_person(office.cast.owner)
    assert owner.get(f"/deals/{deal.pk}/files/{kept}").status_code == 404
    assert "паспорт.pdf" not in owner.get(f"/deals/{deal.pk}").content.decode()
    assert owner.get(f"/deals/{deal.pk}/fields/{row.key}/files/{kept}").status_code in (404, 405)
    assert as_person(director).get(f"/deals/{deal.pk}/files/{kept}").status_code == 200


def test_a_stage_asks_for_files_in_its_dialog(office: Office, as_person, contract):
    deal, browser = office.deal(), as_person(office.cast.owner)
    move = {"stage": str(office.stage("picked").pk)}
    asked = browser.post(f"/deals/{deal.pk}/stage", move)
    assert asked.status_code == 422 and f'data-filebox="/deals/{deal.pk}/fields/' in asked.content.decode()
    browser.post(f"/deals/{deal.pk}/fields/{contract.key}/files", {"files": [upload()]})
    assert browser.post(f"/deals/{deal.pk}/stage", {**move, "asked": contract.key}).status_code == 200


def test_only_own_files_of_the_deal_lie_in_its_fields(office: Office, contract):
    by, deal, other = office.cast.owner.actor, office.deal(), office.deal("Другая")
    add_note(other.pk, by=by, text="", uploads=[upload("чужой.pdf")])
    add_note(deal.pk, by=by, text="", uploads=[upload("свой.pdf")])
    own, foreign = (Attachment.objects.get(name=name).pk for name in ("свой.pdf", "чужой.pdf"))
    with pytest.raises(FieldErrors):
        change_deal(deal.pk, by=by, values={contract.key: [foreign]})
    change_deal(deal.pk, by=by, values={contract.key: str(own)})
    assert Attachment.objects.get(pk=own).field == contract.key
    with pytest.raises(FieldErrors):
        create_deal(by=by, funnel=office.funnel, company=deal.company, fields={contract.key: [own]})
    made = copy_deal(deal.pk, by=by, parts=["fields"])
    [copied] = made.fields[contract.key]
    assert copied != own and Attachment.objects.get(pk=copied).deal_id == made.pk


def test_a_client_may_become_its_name_and_a_file_nothing_else(office: Office, partner, contract):
    by, deal = office.cast.director.actor, office.deal("Анна Первая")
    change_deal(deal.pk, by=by, values={partner.key: deal.company_id})
    row = FieldDef.objects.get(pk=partner.pk)
    old, new = spec_of(row), spec_of(FieldDef(key=row.key, type="text", title=row.title))
    assert (preview(old, new).fitting, preview(old, new).odd) == (1, 0)
    with pytest.raises(FieldErrors):
        change_field(contract.pk, by=by, facts=FieldFacts(title="Договор", type="text"))
    assert Event.objects.filter(kind="field.declared").count() == 2
