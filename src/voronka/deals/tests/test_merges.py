"""Two clients become one with everything that hangs on them, and two again, whatever was done in between."""

import pytest
from django.apps import apps
from django.db import models

from voronka.clients.actions import (
    add_address,
    add_note,
    register_client,
)
from voronka.clients.merges import holder_of, parts_of
from voronka.clients.models import Address, Company, Contact, Note
from voronka.deals.actions import (
    create_deal,
    merge_clients,
    undo_merge,
)
from voronka.deals.merging import KINDS
from voronka.deals.models import Deal, FieldDef
from voronka.deals.tests.merge_ground import BY, client_with_everything, first_funnel
from voronka.kernel.errors import Refusal
from voronka.kernel.models import Attachment, Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def funnel(db):
    return first_funnel()


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
