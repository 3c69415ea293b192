"""Two clients become one with everything that hangs on them, and two again, whatever was done in between."""

import json
from collections.abc import Iterable
from contextlib import suppress

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import Q
from hypothesis import HealthCheck, given, note, settings
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
from voronka.clients.models import Address, Company, Contact, Identity, Merge, Note
from voronka.clients.tags import tag_company
from voronka.deals.actions import (
    change_deal,
    create_deal,
    link_deals,
    merge_clients,
    merge_contacts,
    merge_deals,
    move_deal,
    undo_merge,
    undo_merges,
)
from voronka.deals.merging import KINDS
from voronka.deals.models import Deal, DealLink, FieldDef, Funnel, Stage
from voronka.kernel import actor, clock
from voronka.kernel.errors import FieldErrors, Refusal
from voronka.kernel.models import Attachment, Event
from voronka.tasks.actions import create_task
from voronka.tasks.models import TaskKind

pytestmark = pytest.mark.django_db
BY = actor.system("test")


@pytest.fixture
def funnel(db):
    funnel = Funnel.objects.create(key="first", title="Первые продажи")
    for position, (key, meaning) in enumerate((("new", "unsorted"), ("talk", "open"), ("offer", "open"))):
        Stage.objects.create(funnel=funnel, key=key, title=key, meaning=meaning, position=position)
    FieldDef.objects.create(key="wish", title="Пожелание", type="text", position=0)
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


Rows = dict[str, list[dict]]


def whole(company_id: int) -> Rows:
    """Every row that is the client or leads to it, its contacts or its deals, as the base has it."""
    found: Rows = {}
    with connection.cursor() as cursor:
        for key, kind in KINDS.items():
            ids = "%s" if key == "company" else f"SELECT id FROM {kind.table} WHERE company_id = %s"
            columns = {(kind.table, "id")}
            columns |= {(one.table, column) for one in kind.references for column in (one.column, one.far) if column}
            for table, column in sorted(columns):
                cursor.execute(f"SELECT to_jsonb(t.*) FROM {table} AS t WHERE {column} IN ({ids})", [company_id])
                found[f"{table}.{column}"] = [json.loads(row) for (row,) in cursor.fetchall()]
    return found


# ---- what is carried ------------------------------------------------------------------------------------------------


#: What happened is never rewritten.
LEFT_ALONE = {
    (Event, "company_id"),
    (Event, "deal_id"),
    (apps.get_model("process.Knock"), "deal_id"),
    *((apps.get_model("imports.Row"), column) for column in ("company", "contact", "deal")),
}
NAMES = {
    "company": ("company_id", "client_id", "company"),
    "contact": ("contact_id", "contact"),
    "deal": ("deal_id", "deal"),
}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_whatever_leads_to_a_row_is_carried(kind):
    """A new column that leads to one without being a foreign key must be named by its `Kind`."""
    known = {*kind.plain, *LEFT_ALONE}
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.column in NAMES[kind.name] and not isinstance(field, models.ForeignKey):
                assert (model, field.column) in known, f"{model.__name__}.{field.column} leads to a {kind.name}"


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_of_every_column_it_is_said_which_value_stays(kind):
    columns = {str(field.column) for field in kind.model._meta.concrete_fields}
    assert columns == {*kind.own, *kind.rules}, f"say in merging.choice which value of a {kind.name} stays"


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_double_that_is_dropped_has_nothing_hanging_on_it(kind):
    for one in kind.references:
        if one.alike or one.far:
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

WHO = st.integers(0, 5)
STEP = st.one_of(
    st.tuples(st.sampled_from(["merge", "merge", "merge deals", "merge deals", "merge people", "link"]), WHO, WHO),
    st.tuples(st.just("undo"), WHO, st.booleans()),
    st.tuples(st.just("undo many"), WHO, WHO),
    st.tuples(
        st.sampled_from(
            ["rename", "tag", "note", "phone", "label", "deal", "forget", "subject", "task", "go on", "field", "unlink"]
        ),
        WHO,
        st.none(),
    ),
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(STEP, min_size=2, max_size=9))
def test_after_any_merges_edits_and_undoing_each_side_is_what_it_was(funnel, steps):
    note(f"{steps}")
    with transaction.atomic():
        Story(funnel).play(steps)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)


class Story:
    """Three clients with two deals each, what is done to them, and what each must be in the end."""

    def __init__(self, funnel: Funnel) -> None:
        self.funnel = funnel
        names = ("Ира", "Ирина Соколова", "Соколова Ирина")
        clients = [
            client_with_everything(funnel, name, "+79214471833", f"+7921000000{i}") for i, name in enumerate(names)
        ]
        self.ids = [one.pk for one in clients]
        for one in clients:
            create_deal(by=BY, funnel=funnel, company=one, title=f"вторая {one.name}")
        self.deals = list(Deal.objects.filter(company__in=self.ids).order_by("pk").values_list("pk", flat=True))
        link_deals(self.deals[0], other_id=self.deals[2], by=BY, word="перенос")
        link_deals(self.deals[0], other_id=self.deals[1], by=BY, word="вместе")
        self.expected = {pk: whole(pk) for pk in self.ids}
        self.added: set[tuple[str, int]] = set()

    def play(self, steps: list) -> None:
        for turn, (kind, one, other) in enumerate(steps):
            if kind == "undo":
                stand = list(Merge.objects.filter(undone_at=None, within=None).order_by("pk"))
                if stand:
                    undo_merge(stand[one % len(stand)].pk, by=BY, since_to_other=other)
            elif kind == "undo many":
                stand = list(Merge.objects.filter(undone_at=None, within=None).order_by("pk"))
                undo_merges(stand[min(one, other) : max(one, other) + 1], by=BY)
            elif kind in MERGING:
                with suppress(Refusal):
                    MERGING[kind](self, one, other)
            else:
                self.edit(kind, turn, one, other)
        for merge in Merge.objects.filter(undone_at=None, within=None).order_by("pk"):
            merge.refresh_from_db()
            if merge.undone_at is None:
                undo_merge(merge.pk, by=BY)
        for pk in self.ids:
            assert self.without_added(whole(pk)) == self.without_added(self.expected[pk])

    def client(self, number: int) -> int:
        return holder_of("company", self.ids[number % 3])

    def deal(self, number: int) -> int:
        return holder_of("deal", self.deals[number])

    def edit(self, kind: str, turn: int, one: int, other: int | None) -> None:
        """Whatever an edit does to a row is expected of that row in the end, wherever it will stand."""
        before = _by_row(whole(pk) for pk in self.ids)
        EDITING[kind](self, turn, one, other)
        after = _by_row(whole(pk) for pk in self.ids)
        self.added |= after.keys() - before.keys()
        for rows in self.expected.values():
            for key, found in rows.items():
                table = key.split(".")[0]
                gone = [row for row in found if (table, row["id"]) in before.keys() - after.keys()]
                rows[key] = [row for row in found if row not in gone]
                for row in rows[key]:
                    _expect(row, before.get((table, row["id"])), after.get((table, row["id"])))

    def without_added(self, rows: Rows) -> Rows:
        """Without what other rows decide: who sees a client and a deal, its next step; and in no order."""
        quiet = {"audience", "next_step_at", "version"}
        return {
            key: [
                {column: value for column, value in row.items() if column not in quiet}
                for row in sorted(found, key=lambda row: row["id"])
                if (key.split(".")[0], row["id"]) not in self.added
            ]
            for key, found in rows.items()
        }


def _by_row(wholes: Iterable[Rows]) -> dict[tuple[str, int], dict]:
    return {(key.split(".")[0], row["id"]): row for rows in wholes for key, found in rows.items() for row in found}


def _expect(row: dict, before: dict | None, after: dict | None) -> None:
    for column in row if before and after else ():
        was, now = before[column], after[column]
        if was == now:
            continue
        if isinstance(now, list):
            row[column] = [one for one in row[column] if one in now or one not in was]
            row[column] += [one for one in now if one not in was]
        elif isinstance(now, dict):
            row[column] = row[column] | {key: value for key, value in now.items() if was.get(key) != value}
        else:
            row[column] = now


def _merge_people(story: Story, one: int, other: int) -> None:
    people = list(Contact.objects.filter(company=story.client(one)).order_by("pk"))
    merge_contacts(people[0].pk, people[other % len(people)].pk, by=BY)


MERGING = {
    "merge": lambda story, one, other: merge_clients(story.client(one), story.client(other), by=BY),
    "merge deals": lambda story, one, other: merge_deals(story.deal(one), story.deal(other), by=BY),
    "merge people": _merge_people,
}


def _label(story: Story, turn: int, one: int, _other: None) -> None:
    addresses = list(Address.objects.filter(company_id=story.client(one)).order_by("pk"))
    Address.objects.filter(pk=addresses[turn % len(addresses)].pk).update(label=f"{turn}")


def _phone_added(story: Story, turn: int, one: int, _other: None) -> None:
    contact = Contact.objects.filter(company_id=story.client(one)).first()
    add_identity(contact.pk, by=BY, kind="phone", raw=f"+7931000000{turn}")


def _forget(story: Story, _turn: int, one: int, _other: None) -> None:
    if gone := Identity.objects.filter(contact__company_id=story.client(one)).order_by("-kind", "pk").first():
        remove_identity(gone.pk, by=BY)


def _open(story: Story, turn: int, one: int, _other: None) -> None:
    company = Company.objects.get(pk=story.client(one))
    create_deal(by=BY, funnel=story.funnel, company=company, title=f"новая {turn}")


def _go_on(story: Story, _turn: int, one: int, _other: None) -> None:
    deal = Deal.objects.get(pk=story.deal(one))
    stages = list(Stage.objects.filter(funnel=story.funnel, meaning="open"))
    move_deal(deal.pk, by=BY, to=next(stage for stage in stages if stage.pk != deal.stage_id))


def _task(story: Story, turn: int, one: int, _other: None) -> None:
    kind, deal = TaskKind.objects.get(key="call"), Deal.objects.get(pk=story.deal(one))
    facts = {"company": deal.company, "deal_id": deal.pk, "deal_audience": deal.audience}
    create_task(by=BY, kind=kind, title=f"{turn}", due_at=clock.now(), **facts)


def _link(story: Story, _turn: int, one: int, other: int) -> None:
    with suppress(Refusal, FieldErrors):
        link_deals(story.deal(one), other_id=story.deal(other), by=BY, word="ещё")


def _unlink(story: Story, _turn: int, one: int, _other: None) -> None:
    deal = story.deal(one)
    if link := DealLink.objects.filter(Q(deal=deal) | Q(other=deal)).first():
        link.delete()


EDITING = {
    "rename": lambda story, turn, one, _: change_company(story.client(one), by=BY, values={"name": f"Имя {turn}"}),
    "tag": lambda story, turn, one, _: tag_company(story.client(one), by=BY, add=[f"новая {turn}"]),
    "note": lambda story, turn, one, _: add_note(story.client(one), by=BY, text=f"{turn}"),
    "phone": _phone_added,
    "label": _label,
    "deal": _open,
    "forget": _forget,
    "subject": lambda story, turn, one, _: change_deal(story.deal(one), by=BY, values={"title": f"тема {turn}"}),
    "task": _task,
    "go on": _go_on,
    "field": lambda story, turn, one, _: change_deal(story.deal(one), by=BY, values={"wish": f"{turn}"}),
    "link": _link,
    "unlink": _unlink,
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
