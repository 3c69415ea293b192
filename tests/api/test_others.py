"""Clients, contacts, tasks, and what is set up."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from voronka.clients.models import Contact
from voronka.deals.actions.declare_field import FieldFacts, declare_field
from voronka.kernel import clock as kernel_clock
from voronka.tasks.models import Task, TaskKind
from voronka.views.actions import save_view


@pytest.fixture
def deal(office):
    return office.deal(by=office.cast.owner)


@pytest.fixture
def mine(program, office):
    return program(office.cast.owner)


def test_a_contact_is_changed_only_from_what_was_seen(mine, deal):
    path = f"/contacts/{deal.contact_id}"
    seen = mine.get(path)
    changed = mine.ask("patch", path, {"position": "мама", "birthday": "1988-04-02"}, If_Match=seen["ETag"])
    assert (changed.status_code, changed.json()["birthday"]) == (200, "1988-04-02")
    assert mine.ask("patch", path, {"position": "папа"}, If_Match=seen["ETag"]).status_code == 412
    assert mine.ask("patch", path, {"birthday": None}).json()["birthday"] is None
    assert Contact.objects.get(pk=deal.contact_id).position == "мама"
    assert mine.ask("patch", path, {"name": " "}).json()["errors"].keys() == {"name"}


def test_ways_to_reach(mine, program, office, deal):
    path = f"/contacts/{deal.contact_id}/identities"
    wrong = mine.ask("post", path, {"kind": "email", "value": "нет"})
    assert (wrong.status_code, list(wrong.json()["errors"])) == (422, ["email"])
    made = mine.ask("post", path, {"kind": "email", "value": "Irina@Mail.RU"}).json()
    assert made["value"] == "irina@mail.ru"
    assert program(office.cast.stranger).ask("delete", f"{path}/{made['id']}").status_code == 404
    assert mine.ask("delete", f"{path}/{made['id']}").status_code == 204


def test_a_client_with_its_notes(mine, deal):
    path = f"/clients/{deal.company_id}"
    assert mine.ask("patch", path, {"comment": "Любит ужасы"}).json()["comment"] == "Любит ужасы"
    assert mine.ask("post", f"{path}/notes", {"text": "Звонить после шести"}).status_code == 201
    assert [note["text"] for note in mine.get(f"{path}/notes").json()["items"]] == ["Звонить после шести"]


def test_a_task_from_plan_to_result(mine, deal):
    due = (kernel_clock.now() + timedelta(hours=3)).isoformat()
    kind = TaskKind.objects.get(key="call")
    kind.result_required = True
    kind.save()
    task = mine.ask("post", "/tasks", {"kind": "call", "title": "Уточнить", "due_at": due, "deal": deal.pk}).json()
    assert (task["deal"], task["responsible"]) == (deal.pk, deal.responsible_id)
    past = mine.ask("post", "/tasks", {"kind": "call", "due_at": "2001-01-01T00:00:00Z", "deal": deal.pk})
    assert list(past.json()["errors"]) == ["due_at"]
    assert mine.ask("patch", f"/tasks/{task['id']}", {"title": "Спросить"}).json()["title"] == "Спросить"
    silent = mine.ask("put", f"/tasks/{task['id']}/result", {})
    assert list(silent.json()["errors"]) == ["result"]
    done = mine.ask("put", f"/tasks/{task['id']}/result", {"result": "Придут"}).json()
    assert done["done_at"] and done["result"] == "Придут"
    assert mine.ask("delete", f"/tasks/{task['id']}/result").json()["done_at"] is None
    assert mine.ask("delete", f"/tasks/{task['id']}").status_code == 204
    assert Task.objects.get(pk=task["id"]).cancelled


def test_saved_views_are_filters_of_their_lists(mine, program, office, deal):
    tree = ["title", "has", "квест"]
    save_view(by=office.cast.owner.actor, place="deals", title="Квесты", filter=tree)
    [view] = mine.get("/views").json()
    assert (view["title"], view["place"]) == ("Квесты", "deals")
    assert [found["id"] for found in mine.get("/deals", filter=view["filter"]).json()["items"]] == [deal.pk]
    stranger = program(office.cast.stranger)
    assert stranger.get("/views").json() == []

    made = mine.ask("post", "/views", {"place": "deals", "title": "Дорогие", "filter": '["amount",">=",50000]'})
    assert (made.status_code, made.json()["may_change"], made.json()["is_shared"]) == (201, True, False)
    path = f"/views/{made.json()['id']}"
    for body, field in (
        ({"title": " "}, "title"),
        ({"filter": '["нет такого","=",1]'}, "нет такого"),
        ({"filter": '["amount",">=","много"]'}, "amount"),
        ({"facts": {"colour": "red"}}, "facts"),
    ):
        wrong = mine.ask("patch", path, body).json()["errors"]
        assert [key for key in wrong if key.startswith(field)], wrong
    assert mine.ask("patch", path, {"is_shared": True}).status_code == 409, "sharing needs the right"
    assert stranger.ask("patch", path, {"title": "Моё"}).status_code == 404
    changed = mine.ask("patch", path, {"title": "Дешёвые", "filter": '["amount","<",50000]'}, If_Match=made["ETag"])
    assert (changed.json()["title"], changed.json()["filter"]) == ("Дешёвые", '["amount","<",50000]')
    assert mine.ask("patch", path, {"title": "Иные"}, If_Match=made["ETag"]).status_code == 412
    shared = program(office.cast.director).ask(
        "post", "/views", {"place": "tasks", "title": "Всем", "is_shared": True, "facts": {"who": "team"}}
    )
    [seen] = stranger.get("/views", place="tasks").json()
    assert (seen["facts"], seen["may_change"]) == ({"who": "team"}, False)
    assert stranger.ask("delete", f"/views/{shared.json()['id']}").status_code == 409
    assert mine.ask("delete", path).status_code == 204
    assert [one["title"] for one in mine.get("/views").json()] == ["Квесты"]


def test_what_is_set_up(mine, office):
    first = next(funnel for funnel in mine.get("/funnels").json() if funnel["key"] == "first")
    assert first["stages"][0]["meaning"] == "unsorted"
    fields = {field["key"]: field for field in mine.get("/fields").json()}
    assert fields["game_date"]["declared"] and not fields["amount"]["declared"]
    assert {person["id"] for person in mine.get("/people").json()} >= {person.pk for person in office.cast.everybody}
    assert mine.get("/brands").json()[0]["locations"]
    assert "call" in [kind["key"] for kind in mine.get("/task-kinds").json()]
    assert mine.get("/products").status_code == 200


def test_tags_are_put_whole_and_told_by_title(mine, program, office, deal):
    path = f"/deals/{deal.pk}/tags"
    seen = mine.get(f"/deals/{deal.pk}")
    put = mine.ask("put", path, {"tags": ["VIP", "день рождения"]}, If_Match=seen["ETag"])
    assert (put.status_code, put.json()["tags"]) == (200, ["VIP", "день рождения"])
    assert mine.ask("put", path, {"tags": []}, If_Match=seen["ETag"]).status_code == 412
    assert mine.ask("put", path, {"tags": ["vip"]}).json()["tags"] == ["VIP"]
    assert mine.ask("put", path, {"tags": ["a, b"]}).status_code == 422
    assert program(office.cast.stranger).ask("put", path, {"tags": []}).status_code == 404
    [vip] = [tag for tag in mine.get("/tags").json() if tag["title"] == "VIP"]
    found = mine.get("/deals", filter=json.dumps(["tags", "in", [vip["key"]]])).json()["items"]
    assert [one["id"] for one in found] == [deal.pk] and found[0]["tags"] == ["VIP"]
    client = f"/clients/{deal.company_id}"
    assert mine.ask("put", f"{client}/tags", {"tags": ["сеть"]}).json()["tags"] == ["сеть"]
    assert mine.get(client).json()["tags"] == ["сеть"]


def test_addresses_and_requisites(mine, program, office, deal):
    path = f"/clients/{deal.company_id}"
    address = mine.ask("post", f"{path}/addresses", {"text": "Невский, 1", "label": "офис"}).json()
    assert mine.get(f"{path}/addresses").json() == [address]
    wrong = mine.ask("post", f"{path}/requisites", {"name": "ООО «Лето»", "inn": "7707083890"})
    assert (wrong.status_code, list(wrong.json()["errors"])) == (422, ["inn"])
    made = mine.ask("post", f"{path}/requisites", {"name": "ПАО «Сбербанк»", "inn": "7707083893"}).json()
    assert mine.get(f"{path}/requisites").json() == [made]
    bank = f"{path}/requisites/{made['id']}"
    assert list(mine.ask("patch", bank, {"inn": "7707083890"}).json()["errors"]) == ["inn"]
    changed = mine.ask("patch", bank, {"bik": "044525225"}, If_Match=f'"{made["version"]}"').json()
    assert (changed["bik"], changed["inn"]) == ("044525225", "7707083893")
    assert mine.ask("patch", bank, {"bik": ""}, If_Match=f'"{made["version"]}"').status_code == 412
    assert program(office.cast.stranger).ask("patch", bank, {"bik": ""}).status_code == 404
    foreign = program(office.cast.stranger)
    for part, row in (("addresses", address), ("requisites", made)):
        assert foreign.get(f"{path}/{part}").status_code == 404
        assert foreign.ask("delete", f"{path}/{part}/{row['id']}").status_code == 404
        assert mine.ask("delete", f"{path}/{part}/{row['id']}").status_code == 204


def test_a_note_is_changed_and_taken_away_by_its_author(mine, program, office, deal):
    path = f"/deals/{deal.pk}/notes"
    note = mine.ask("post", path, {"text": "Звонить утром"}).json()
    one = f"{path}/{note['id']}"
    changed = mine.ask("patch", one, {"text": "Звонить вечером", "version": note["version"]}).json()
    assert changed["text"] == "Звонить вечером" and changed["edited_at"]
    assert mine.ask("patch", one, {"text": "x", "version": note["version"]}).status_code == 409
    assert program(office.cast.head).ask("delete", one).status_code == 409
    assert mine.ask("put", f"{one}/pin").json()["is_pinned"]
    assert not mine.ask("delete", f"{one}/pin").json()["is_pinned"]
    assert mine.ask("delete", one).status_code == 204 and mine.get(path).json()["items"] == []


def test_files_go_into_a_field_and_a_client_is_an_id(mine, office, deal):
    for title, kind in (("Договор", "file"), ("Партнёр", "client")):
        declare_field(by=office.cast.director.actor, facts=FieldFacts(title=title, type=kind))
    upload = SimpleUploadedFile("договор.pdf", b"%PDF")
    wrong = mine.client.post(f"/api/v1/deals/{deal.pk}/files", {"files": [upload], "field": "нет"})
    assert list(wrong.json()["errors"]) == ["field"]
    upload.seek(0)
    [file] = mine.client.post(f"/api/v1/deals/{deal.pk}/files", {"files": [upload], "field": "dogovor"}).json()
    values = {"partner": deal.company_id}
    shape = mine.ask("patch", f"/deals/{deal.pk}", {"fields": values}).json()
    assert shape["fields"] | {"dogovor": [file["id"]], **values} == shape["fields"] and file["field"] == "dogovor"
    foreign = mine.ask("patch", f"/deals/{deal.pk}", {"fields": {"partner": 999999}})
    assert list(foreign.json()["errors"]) == ["partner"]
    assert "dogovor" not in mine.ask("patch", f"/deals/{deal.pk}", {"fields": {"dogovor": []}}).json()["fields"]
