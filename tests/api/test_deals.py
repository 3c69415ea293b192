"""Deals over HTTP as a program works with them: the same guards and the same gate as on the board."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from voronka.catalogue.models import Product
from voronka.deals.models import Deal, FieldDef, Stage
from voronka.kernel.models import Event


@pytest.fixture
def deal(office):
    return office.deal(by=office.cast.owner)


@pytest.fixture
def mine(program, office):
    return program(office.cast.owner)


def test_strangers_rows_are_not_there(program, office, deal):
    stranger = program(office.cast.stranger)
    for path in ("", "/lines", "/notes", "/files"):
        assert stranger.get(f"/deals/{deal.pk}{path}").status_code == 404, path
    assert stranger.ask("patch", f"/deals/{deal.pk}", {"title": "x"}).status_code == 404
    assert stranger.ask("put", f"/deals/{deal.pk}/stage", {"stage": "picked"}).status_code == 404
    assert stranger.get("/deals").json()["items"] == []
    assert stranger.get("/events", deal=deal.pk).status_code == 404


def test_open_a_client_and_a_deal(mine, office):
    body = {"name": "Ольга Ким", "identities": [{"kind": "phone", "value": "8 (921) 555-77-01"}]}
    client = mine.ask("post", "/clients", body).json()
    assert client["contacts"][0]["identities"][0]["value"] == "+79215557701"
    found = mine.get("/contacts", filter='["identities","some",["value","=","+79215557701"]]').json()["items"]
    assert [contact["client"] for contact in found] == [client["id"]]
    made = mine.ask(
        "post",
        "/deals",
        {"funnel": "first", "client": client["id"], "title": "День рождения", "fields": {"players": 8}},
    )
    assert made.status_code == 201, made.content
    assert (made.json()["fields"], made.json()["stage"]) == ({"players": 8}, "unsorted")
    event = Event.objects.get(kind="deal.created", deal_id=made.json()["id"])
    assert (event.by_kind, event.person_id, event.why) == ("api", office.cast.owner.pk, "Склад")


def test_wrong_values_name_their_fields(mine, deal):
    said = mine.ask("patch", f"/deals/{deal.pk}", {"amount": "много", "fields": {"nothing": 1}})
    assert (said.status_code, set(said.json()["errors"])) == (422, {"amount"})
    said = mine.ask("patch", f"/deals/{deal.pk}", {"fields": {"nothing": 1, "players": "восемь"}})
    assert (said.status_code, set(said.json()["errors"])) == (422, {"nothing", "players"})
    assert mine.ask("post", "/deals", {"funnel": "nowhere", "client": deal.company_id}).json()["errors"].keys() == {
        "funnel"
    }


def test_a_partial_update_of_an_old_version_is_refused(mine, deal):
    seen = mine.get(f"/deals/{deal.pk}")
    changed = mine.ask("patch", f"/deals/{deal.pk}", {"amount": "12500"}, If_Match=seen["ETag"])
    assert (changed.status_code, changed.json()["amount"]) == (200, "12500.00")
    late = mine.ask("patch", f"/deals/{deal.pk}", {"title": "Поздно"}, If_Match=seen["ETag"])
    assert (late.status_code, late.json()["version"]) == (412, changed.json()["version"])
    late = mine.ask("patch", f"/deals/{deal.pk}", {"title": "Поздно", "version": seen.json()["version"]})
    assert (late.status_code, late.json()["code"]) == (409, "changed")
    assert Deal.objects.get(pk=deal.pk).title != "Поздно"


def test_guards_speak_with_rule_and_fields(mine, office):
    deal = office.deal(by=office.cast.owner, stage="picked")
    path = f"/deals/{deal.pk}/stage"
    back = mine.ask("put", path, {"stage": "unsorted"})
    assert (back.status_code, back.json()["rule"]) == (409, "unsorted")
    asked = mine.ask("put", path, {"stage": "booked"})
    assert asked.status_code == 422
    assert "game_date" in asked.json()["missing"]
    moved = mine.ask("put", path, {"stage": "booked", "fields": office.booked()})
    assert (moved.status_code, moved.json()["stage"]) == (200, "booked")


def test_a_move_that_needs_a_yes_is_asked_for_and_goes_with_it(mine, office, deal, as_person):
    Stage.objects.filter(pk=office.stage("picked").pk).update(approver="head")
    answer = mine.ask("put", f"/deals/{deal.pk}/stage", {"stage": "picked"})
    told = answer.json()
    assert (answer.status_code, told["stage"], told["of"], told["deal"]["stage"]) == (202, "picked", "head", "taken")
    as_person(office.cast.head).post(f"/deals/{deal.pk}/approvals/{told['approval']}", {"answer": "yes"})
    assert mine.get(f"/deals/{deal.pk}").json()["stage"] == "picked"


def test_taking_is_becoming_responsible(mine, program, office):
    deal, me = office.inquiry(), office.cast.owner.pk
    assert mine.ask("put", f"/deals/{deal.pk}/responsible", {"person": me}).json()["responsible"] == me
    late = program(office.cast.head).ask("put", f"/deals/{deal.pk}/responsible", {"person": office.cast.head.pk})
    assert late.status_code == 200  # the head may hand over
    not_mine = mine.ask("put", f"/deals/{deal.pk}/responsible", {"person": me})
    assert not_mine.status_code == 404


def test_lines_notes_and_files(mine, deal):
    product = Product.objects.filter(is_active=True).first() or Product.objects.create(key="k", name="Торт", price=900)
    line = mine.ask("post", f"/deals/{deal.pk}/lines", {"product": product.pk, "quantity": "2"}).json()
    assert Deal.objects.get(pk=deal.pk).amount == product.price * 2
    assert mine.client.delete(f"/api/v1/deals/{deal.pk}/lines/{line['id']}").status_code == 204
    assert mine.get(f"/deals/{deal.pk}/lines").json() == []
    mine.ask("post", f"/deals/{deal.pk}/notes", {"text": "Ждут звонка"})
    assert [note["text"] for note in mine.get(f"/deals/{deal.pk}/notes").json()["items"]] == ["Ждут звонка"]
    plan = SimpleUploadedFile("план.txt", "шаг".encode())
    made = mine.client.post(f"/api/v1/deals/{deal.pk}/files", {"files": plan, "text": "План"})
    assert made.status_code == 201, made.content
    file = made.json()[0]
    assert (file["name"], file["size"]) == ("план.txt", 6)
    assert mine.get(f"/deals/{deal.pk}/files/{file['id']}").getvalue() == "шаг".encode()
    alone = mine.client.post(f"/api/v1/deals/{deal.pk}/files", {"files": SimpleUploadedFile("б.txt", b"b")})
    assert [made["name"] for made in alone.json()] == ["б.txt"]


def test_pages_follow_a_cursor_and_a_filter(mine, office):
    ids = [office.inquiry(f"Клиент {number}").pk for number in range(5)]
    first = mine.get("/deals", limit=3, filter=json.dumps(["title", "has", "квест"])).json()
    assert [deal["id"] for deal in first["items"]] == ids[:1:-1]
    office.inquiry("Пришёл позже")
    rest = mine.get("/deals", limit=3, cursor=first["next"]).json()
    assert ([deal["id"] for deal in rest["items"]], rest["next"]) == (ids[1::-1], None)
    wrong = mine.get("/deals", filter='["nothing","=",1]')
    assert (wrong.status_code, list(wrong.json()["errors"])) == (422, ["nothing"])
    assert mine.get("/deals", cursor="x").json()["errors"].keys() == {"cursor"}


def test_a_page_of_deals_asks_the_base_little(mine, office, django_assert_max_num_queries):
    for number in range(8):
        office.inquiry(f"Клиент {number}")
    with django_assert_max_num_queries(9):
        assert len(mine.get("/deals").json()["items"]) == 8


def test_events_are_followed(mine, deal, clock):
    clock.set(Event.objects.latest("id").at)
    clock.advance(minutes=1)
    feed = mine.get("/events", limit=2).json()
    kinds = [event["kind"] for event in feed["items"]]
    while feed["more"]:
        feed = mine.get("/events", limit=2, cursor=feed["next"]).json()
        kinds += [event["kind"] for event in feed["items"]]
    assert {"deal.created", "deal.taken", "deal.moved"} <= set(kinds)
    assert "token.issued" not in kinds
    mine.ask("post", f"/deals/{deal.pk}/notes", {"text": "Ещё"})
    clock.advance(minutes=1)
    news = mine.get("/events", cursor=feed["next"]).json()
    assert [event["kind"] for event in news["items"]] == ["note.added"]


def test_a_field_hidden_from_the_role_is_nowhere(clock, mine, program, office, deal):
    """Not in a deal, a list, an event, a filter; the one whose role sees it is told."""
    head = program(office.cast.head)
    head.ask("patch", f"/deals/{deal.pk}", {"fields": {"budget": "77123"}})
    FieldDef.objects.filter(key="budget").update(seen_by=["head"])
    clock.advance(minutes=1)
    paths = [(f"/deals/{deal.pk}", {}), ("/deals", {}), ("/events", {"deal": deal.pk})]
    for path, query in paths:
        assert b"77123" in head.get(path, **query).content, path
        assert b"77123" not in mine.get(path, **query).content, path
    asked = mine.get("/deals", filter='["budget","=","77123"]')
    assert asked.status_code == 422
    assert mine.ask("patch", f"/deals/{deal.pk}", {"fields": {"budget": "1"}}).status_code == 422
