"""The form of a condition: whatever it offers can be made, read back and checked by the database."""

import json

import pytest
from django.http import QueryDict

from voronka.deals.models import FieldDef
from voronka.kernel.filters import All, Any, Is, base, dump, parse, phrase, where
from voronka.kernel.filters.ops import OPS
from voronka.staff.filters import scope_of
from voronka.testing.office import Office
from voronka.web.list.bar import with_condition, without
from voronka.web.list.builder import as_form, condition_from
from voronka.web.list.paths import offers, target

VALUES = {"number": "3", "money": "3", "time": "12:00", "yes_no": "yes", "row": "1", "person": "me", "choice": "sh"}


@pytest.mark.parametrize("name", ["deals", "tasks", "clients"])
def test_whatever_is_offered_can_be_said_and_changed(office: Office, name):
    FieldDef.objects.create(key="extras", title="Дополнения", type="choices", options=[["sh", "Шары"]])
    known, scope = base(name), scope_of(office.cast.owner)
    rows = known.model._default_manager.visible_to(office.cast.owner)
    for _group, choices in offers(known):
        for choice in choices:
            kind = target(choice.key, known).kind
            for op in OPS[kind]:
                value = {"point": "today", "points": "2026-01-01", "tree": "open"}.get(op.takes, VALUES.get(kind, "а"))
                asked = QueryDict(mutable=True)
                asked.update({"field": choice.key, "op": op.key, "amount": "3", "unit": "d"})
                asked.setlist("value", [value, value] if op.takes in ("pair", "points") else [value])
                made = condition_from(known, asked)
                assert condition_from(known, as_form(made, known)) == made, (choice.key, op.key)
                assert str(phrase(made, known, scope))
                rows.filter(where(made, known, scope)).exists()


def test_a_field_of_the_deal_of_a_task(office: Office):
    known = base("tasks")
    deals_path = QueryDict("field=deal.amount&op=>=&value=5000")
    assert condition_from(known, deals_path) == Is("deal.amount", ">=", 5000)


def test_a_condition_of_an_open_task_reads_back(office: Office):
    known = base("deals")
    made = condition_from(known, QueryDict("field=tasks:kind&op=in&value=call"))
    assert made == Is("tasks", "some", All([Is("open", "=", True), Is("kind", "in", ("call",))]))
    assert as_form(made, known)["field"] == "tasks:kind"


A, B, C, D = (Is("amount", ">=", number) for number in (1, 2, 3, 4))


@pytest.mark.parametrize(
    ("tree", "index", "expected"),
    [
        (All(), "new", C),
        (A, "new", All([A, C])),
        (A, "0", C),
        (A, "0.new", Any([A, C])),
        (All([A, Any([B, D])]), "1.0", All([A, Any([C, D])])),
        (All([A, Any([B, D])]), "1.new", All([A, Any([B, D, C])])),
        (All([A, Any([B, D])]), "1", All([A, C])),
        (Any([A, B]), "new", All([Any([A, B]), C])),
        (A, "7", All([A, C])),
        (A, "0.9", All([A, C])),
        (A, "²", All([A, C])),
    ],
)
def test_where_a_condition_goes(tree, index, expected):
    assert with_condition(tree, C, index) == expected


@pytest.mark.parametrize(
    ("tree", "index", "expected"),
    [
        (A, "0", All()),
        (All([A, B]), "0", B),
        (All([A, Any([B, D])]), "1.0", All([A, D])),
        (All([A, Any([B, D])]), "1", A),
        (All([A, B]), "9", All([A, B])),
    ],
)
def test_what_stays_without_a_condition(tree, index, expected):
    assert without(tree, index) == expected


def test_alternatives_on_screen(office: Office, as_person):
    cheap, dear = office.deal(), office.deal()
    for deal, amount in ((cheap, 100), (dear, 9000)):
        type(deal).objects.filter(pk=deal.pk).update(amount=amount)
    browser = as_person(office.cast.owner)
    form = {
        "on": "deals",
        "filter": '["amount","<",200]',
        "index": "0.new",
        "field": "amount",
        "op": ">=",
        "value": "9000",
    }
    page = browser.get("/filter/condition", {**form, "apply": "1"}, follow=True).content.decode()
    assert f'id="deal-{cheap.pk}"' in page and f'id="deal-{dear.pk}"' in page
    assert page.count('class="v-cond') == 3
    tree = parse('["any",["amount","<",200],["amount",">=",9000]]', base("deals"))
    chips = browser.get("/deals", {"filter": dump(tree)}).content.decode()
    assert "меньше" in chips and "или" in chips


@pytest.mark.parametrize(
    ("path", "inside", "outside", "form"),
    [
        ("/tasks", "Позвонить про торт", "Отправить счёт", {"field": "title", "op": "has", "value": "торт"}),
        ("/clients", "Ирина Соколова", "Лена Котова", {"field": "deals:stage", "op": "in", "value": "taken"}),
    ],
)
def test_the_same_editor_over_tasks_and_clients(office: Office, as_person, path, inside, outside, form):
    deal = office.deal()
    office.deal("Лена Котова", stage="picked")
    office.step(deal, "Позвонить про торт")
    office.step(deal, "Отправить счёт")
    browser = as_person(office.cast.owner)
    assert "edit=new" in browser.get(path).content.decode()
    value = str(office.stage("taken").pk) if form["value"] == "taken" else form["value"]
    asked = {**form, "value": value, "on": path[1:], "index": "new", "filter": ""}
    assert "останется 1" in browser.get("/filter/condition", asked).content.decode()
    page = browser.get("/filter/condition", {**asked, "apply": "1"}, follow=True)
    assert page.redirect_chain[0][0].startswith(f"{path}?filter=")
    text = page.content.decode()
    assert inside in text and outside not in text


def test_a_filter_of_clients_holds_on_every_page_and_is_checked(office: Office, as_person):
    browser = as_person(office.cast.owner)
    assert browser.get("/clients", {"filter": "[1"}).status_code == 422
    office.deal("Анна Белова")
    office.deal("Борис Чернов")
    wire = json.dumps(["name", "has", "бел"])
    text = browser.get("/clients", {"filter": wire, "kind": "family"}).content.decode()
    assert "Анна Белова" in text and "Борис Чернов" not in text
    assert "kind=legal&amp;filter=" in text
