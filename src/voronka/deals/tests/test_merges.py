"""Two clients become one with everything that hangs on them, and two again, whatever was done in between."""

import json

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voronka.clients.actions import (
    add_address,
    add_contact,
    add_identity,
    add_note,
    add_requisites,
    change_company,
    register_client,
    remove_identity,
)
from voronka.clients.merges import holder_of, parts_of
from voronka.clients.merging import choice
from voronka.clients.merging.references import LEFT_ALONE, PLAIN, references_to
from voronka.clients.models import Address, Company, Contact, Identity, Merge, Note
from voronka.clients.tags import tag_company
from voronka.deals.actions import create_deal, merge_clients, undo_merge
from voronka.deals.models import Deal, FieldDef, Funnel, Stage
from voronka.kernel import actor, clock
from voronka.kernel.errors import Refusal
from voronka.kernel.models import Attachment, Event
from voronka.tasks.actions import create_task
from voronka.tasks.models import TaskKind

pytestmark = pytest.mark.django_db
BY = actor.system("test")


@pytest.fixture
def funnel(db):
    funnel = Funnel.objects.create(key="first", title="Первые продажи")
    Stage.objects.create(funnel=funnel, key="new", title="Новые", meaning="unsorted", position=0)
    return funnel


def client_with_everything(funnel: Funnel, name: str, *phones: str) -> Company:
    contact = register_client(
        by=BY, name=name, identities=[("phone", phone) for phone in phones], home=[f"s:{len(name)}"]
    )
    company = contact.company
    add_identity(contact.pk, by=BY, kind="telegram", raw=f"@{name.split()[0]}")
    add_contact(company, by=BY, name=f"Ребёнок {name}", is_child=True)
    add_address(company.pk, by=BY, text=f"ул. {name}, 5")
    add_requisites(company.pk, by=BY, values={"name": f"ИП {name}", "inn": "7707083893"})
    add_note(company.pk, by=BY, text=f"о {name}")
    tag_company(company.pk, by=BY, add=[f"метка {name}"])
    deal = create_deal(by=BY, funnel=funnel, company=company, contact=contact, title=f"сделка {name}")
    kind, _made = TaskKind.objects.get_or_create(key="call", defaults={"title": "Звонок"})
    create_task(by=BY, kind=kind, title=f"дело {name}", company=company, due_at=clock.now())
    Attachment.objects.create(
        name=f"{name}.pdf",
        content_type="",
        size=1,
        file="x",
        deal_id=deal.pk,
        company_id=company.pk,
        created_at=clock.now(),
    )
    return Company.objects.get(pk=company.pk)


def whole(company_id: int) -> dict[str, list]:
    """Every row that is the client or leads to it or its contacts, as the base has it."""
    tables = {("clients_company", "id")} | {(one.table, one.column) for one in references_to(Company)}
    contacts = {("clients_contact", "id")} | {(one.table, one.column) for one in references_to(Contact)}
    found = {}
    with connection.cursor() as cursor:
        for group, ids in ((tables, "%s"), (contacts, "(SELECT id FROM clients_contact WHERE company_id = %s)")):
            for table, column in sorted(group):
                cursor.execute(
                    f"SELECT to_jsonb(t.*) FROM {table} AS t WHERE {column} IN {f'({ids})'} ORDER BY id", [company_id]
                )
                found[f"{table}.{column}"] = [json.loads(row) for (row,) in cursor.fetchall()]
    return found


# ---- what is carried ------------------------------------------------------------------------------------------------


def test_whatever_leads_to_a_client_is_carried():
    """A new column that leads to a client or a contact without being a foreign key must be named in `references`."""
    known = {(model, column) for pairs in PLAIN.values() for model, column in pairs} | LEFT_ALONE
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            leads = field.column in ("company_id", "contact_id", "client_id", "company", "contact")
            if leads and not isinstance(field, models.ForeignKey):
                assert (model, field.column) in known, f"{model.__name__}.{field.column} leads to a client"


def test_of_every_column_it_is_said_which_value_stays():
    for model, rules in ((Company, choice.COMPANY), (Contact, choice.CONTACT)):
        columns = {str(field.column) for field in model._meta.concrete_fields}
        assert columns - {*choice.OWN} == {*rules}, f"say in merging.choice which value of {model.__name__} stays"


def test_a_double_that_is_dropped_has_nothing_hanging_on_it():
    for model in (Company, Contact):
        for one in references_to(model):
            if one.alike:
                (owner,) = [m for m in apps.get_models() if m._meta.db_table == one.table]
                assert not owner._meta.related_objects, f"{owner.__name__} is dropped when the survivor has the same"


def test_everything_goes_to_the_survivor_and_old_links_lead_there(funnel):
    a = client_with_everything(funnel, "Ира", "+79214471833")
    b = client_with_everything(funnel, "Ирина Соколова", "+79214471833", "+78123104490")
    c = client_with_everything(funnel, "Пётр Котов", "+79990000000")
    merge_clients(a.pk, b.pk, by=BY)
    merge_clients(c.pk, a.pk, by=BY)
    assert holder_of("company", b.pk) == c.pk and parts_of("company", c.pk) == [c.pk, a.pk, b.pk]
    assert Deal.objects.filter(company=c).count() == Attachment.objects.filter(company_id=c.pk).count() == 3
    assert Note.objects.filter(company=c).count() == Address.objects.filter(company=c).count() == 3
    ira = Contact.objects.get(name="Ирина Соколова")
    assert sorted(ira.identities.values_list("value", flat=True)) == ["+78123104490", "+79214471833", "ира", "ирина"]
    assert ira.deals.count() == 2 and len(Company.objects.get(pk=c.pk).tags) == 3
    assert [e.data["other"] for e in Event.objects.filter(kind="client.merged").order_by("pk")] == [b.pk, a.pk]


def test_fields_that_lead_to_the_client_follow_it_and_come_back(funnel):
    a, b, c = (register_client(by=BY, name=name).company for name in ("А", "Б", "В"))
    FieldDef.objects.create(key="payer", title="Плательщик", type="client", position=1)
    deal = create_deal(by=BY, funnel=funnel, company=c, title="чужая")
    Deal.objects.filter(pk=deal.pk).update(fields={"payer": b.pk, "other": b.pk})
    merge = merge_clients(a.pk, b.pk, by=BY)
    assert Deal.objects.get(pk=deal.pk).fields == {"payer": a.pk, "other": b.pk}
    undo_merge(merge.pk, by=BY)
    assert Deal.objects.get(pk=deal.pk).fields == {"payer": b.pk, "other": b.pk}


def test_a_person_chooses_other_values_and_who_sees_too_little_may_not(funnel, cast):
    a, b = (register_client(by=BY, name=name).company for name in ("Анна Ли", "Аня"))
    with pytest.raises(Refusal):
        merge_clients(a.pk, b.pk, by=cast.owner.actor)
    with pytest.raises(Refusal):
        merge_clients(a.pk, a.pk, by=BY)
    merge = merge_clients(a.pk, b.pk, by=BY, values={"name": "Аня"})
    assert Company.objects.get(pk=a.pk).name == "Аня"
    with pytest.raises(Refusal):
        undo_merge(merge.pk, by=cast.owner.actor)
    undo_merge(merge.pk, by=BY)
    with pytest.raises(Refusal):
        undo_merge(merge.pk, by=BY)
    assert Company.objects.get(pk=a.pk).name == "Анна Ли"


def test_what_was_added_since_goes_to_the_side_one_chooses(funnel):
    a, b = (client_with_everything(funnel, name) for name in ("Анна Ли", "Глеб Чернов"))
    merge = merge_clients(a.pk, b.pk, by=BY)
    add_note(a.pk, by=BY, text="после")
    undo_merge(merge.pk, by=BY)
    assert Note.objects.get(text="после").company_id == a.pk
    merge = merge_clients(a.pk, b.pk, by=BY)
    add_address(a.pk, by=BY, text="ул. Новая, 1")
    undo_merge(merge.pk, by=BY, since_to_other=True)
    assert Address.objects.get(text="ул. Новая, 1").company_id == b.pk
    assert Note.objects.get(text="после").company_id == a.pk


# ---- undo is exact --------------------------------------------------------------------------------------------------

STEP = st.one_of(
    st.tuples(st.just("merge"), st.integers(0, 2), st.integers(0, 2)),
    st.tuples(st.just("undo"), st.integers(0, 4), st.booleans()),
    st.tuples(
        st.sampled_from(["rename", "tag", "note", "phone", "edit", "deal", "forget"]), st.integers(0, 9), st.none()
    ),
)


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(STEP, min_size=2, max_size=9))
def test_after_any_merges_edits_and_undoing_each_side_is_what_it_was(funnel, steps):
    with transaction.atomic():
        _play(funnel, steps)
        transaction.set_rollback(True)


def _play(funnel: Funnel, steps: list) -> None:
    names = ("Ира", "Ирина Соколова", "Соколова Ирина")
    clients = [client_with_everything(funnel, name, "+79214471833", f"+7921000000{i}") for i, name in enumerate(names)]
    ids = [one.pk for one in clients]
    expected = {pk: whole(pk) for pk in ids}
    added: set[tuple[str, int]] = set()
    for turn, (kind, number, other) in enumerate(steps):
        if kind == "merge":
            one, two = holder_of("company", ids[number]), holder_of("company", ids[other])
            if one != two:
                merge_clients(one, two, by=BY)
        elif kind == "undo":
            stand = list(Merge.objects.filter(undone_at=None, within=None).order_by("pk"))
            if stand:
                undo_merge(stand[number % len(stand)].pk, by=BY, since_to_other=other)
        else:
            _edit(kind, holder_of("company", ids[number % 3]), turn, number, expected, added, funnel)
    for merge in Merge.objects.filter(undone_at=None, within=None).order_by("pk"):
        undo_merge(merge.pk, by=BY)
    for pk in ids:
        now = {
            key: [row for row in rows if (key.split(".")[0], row["id"]) not in added] for key, rows in whole(pk).items()
        }
        assert _plain(now) == _plain(expected[pk])


def _edit(kind, holder, turn, number, expected, added, funnel) -> None:
    """An edit by an action, and the same in what is expected: of a row wherever it stands, or something added."""
    if kind in ADDING:
        table, add = ADDING[kind]
        added.add((table, add(holder, turn, funnel).pk))
    else:
        EDITING[kind](holder, turn, number, expected)


def _phone_added(holder, turn, _funnel):
    contact = Contact.objects.filter(company_id=holder).first()
    return add_identity(contact.pk, by=BY, kind="phone", raw=f"+7931000000{turn}")


def _rename(holder, turn, _number, expected) -> None:
    change_company(holder, by=BY, values={"name": f"Имя {turn}"})
    expected[holder]["clients_company.id"][0]["name"] = f"Имя {turn}"


def _tag(holder, turn, _number, expected) -> None:
    tag = tag_company(holder, by=BY, add=[f"новая {turn}"]).tags[-1]
    expected[holder]["clients_company.id"][0]["tags"].append(tag)


def _label(holder, turn, number, expected) -> None:
    addresses = list(Address.objects.filter(company_id=holder).order_by("pk"))
    address = addresses[number % len(addresses)]
    Address.objects.filter(pk=address.pk).update(label=f"{turn}")
    for rows in expected.values():
        for row in rows["clients_address.company_id"]:
            if row["id"] == address.pk:
                row["label"] = f"{turn}"


def _forget(holder, _turn, _number, expected) -> None:
    gone = Identity.objects.filter(contact__company_id=holder, kind="telegram").order_by("pk").first()
    if gone:
        remove_identity(gone.pk, by=BY)
        for rows in expected.values():
            kept = [row for row in rows["clients_identity.contact_id"] if row["id"] != gone.pk]
            rows["clients_identity.contact_id"] = kept


ADDING = {
    "note": ("clients_note", lambda holder, turn, _funnel: add_note(holder, by=BY, text=f"{turn}")),
    "phone": ("clients_identity", _phone_added),
    "deal": (
        "deals_deal",
        lambda holder, turn, funnel: create_deal(
            by=BY, funnel=funnel, company=Company.objects.get(pk=holder), title=f"новая {turn}"
        ),
    ),
}
EDITING = {"rename": _rename, "tag": _tag, "edit": _label, "forget": _forget}


def _plain(rows: dict[str, list]) -> dict[str, list]:
    """Without what other rows decide: who sees a client and a deal; and in no order."""
    quiet = ("audience",)
    return {
        key: [
            {column: value for column, value in row.items() if column not in quiet}
            for row in sorted(found, key=lambda row: row["id"])
        ]
        for key, found in rows.items()
    }


# ---- which values stay ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mine", "theirs", "stays"),
    [
        ("Ирина", "Ирина Соколова", "Ирина Соколова"),
        ("Ирина Соколова", "Ирина", "Ирина Соколова"),
        ("Соколова И. П.", "Соколова Ирина Павловна", "Соколова Ирина Павловна"),
        ("Ирина", "8 921 447 18 33", "Ирина"),
        ("", "Ирина", "Ирина"),
        ("Анна Ли", "Аня Ли", "Анна Ли"),
    ],
)
def test_the_fuller_name_stays(mine, theirs, stays):
    changed = choice.chosen({"name": choice.FULLER}, {"name": mine}, {"name": theirs}, {})
    assert changed.get("name", mine) == stays


def test_lists_are_united_and_parted_with_what_came_since():
    rules = {"tags": choice.UNITED, "comment": choice.BOTH}
    a, b = {"tags": ["1", "2"], "comment": "раз"}, {"tags": ["2", "3"], "comment": "два"}
    values = choice.chosen(rules, a, b, {})
    assert values == {"tags": ["1", "2", "3"], "comment": "раз\nдва"}
    changed = {column: [a[column], value] for column, value in values.items()}
    now = {"tags": ["1", "3", "4"], "comment": "иначе"}
    assert choice.parted(changed, now) == {"tags": ["1", "4"]}
