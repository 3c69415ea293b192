"""Clients, contacts, tasks, and what is set up."""

from datetime import timedelta

import pytest

from voronka.clients.models import Contact
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
    assert program(office.cast.stranger).get("/views").json() == []


def test_what_is_set_up(mine, office):
    first = next(funnel for funnel in mine.get("/funnels").json() if funnel["key"] == "first")
    assert first["stages"][0]["meaning"] == "unsorted"
    fields = {field["key"]: field for field in mine.get("/fields").json()}
    assert fields["game_date"]["declared"] and not fields["amount"]["declared"]
    assert {person["id"] for person in mine.get("/people").json()} >= {person.pk for person in office.cast.everybody}
    assert mine.get("/brands").json()[0]["locations"]
    assert "call" in [kind["key"] for kind in mine.get("/task-kinds").json()]
    assert mine.get("/products").status_code == 200
