import json

import pytest

from voronka.deals.actions import change_deal, move_deal
from voronka.deals.actions.declare_field import FieldFacts, change_field, declare_field, retire_field
from voronka.deals.jobs import convert_values
from voronka.deals.models import FieldDef, Stage
from voronka.kernel.errors import FieldErrors, MissingFields, Refusal
from voronka.presets import catalogue
from voronka.process.actions import activate
from voronka.testing.office import Office


@pytest.fixture
def director(office: Office, as_person):
    return as_person(office.cast.director)


def by(office):
    return office.cast.director.actor


def declared(office, **facts):
    return declare_field(by=by(office), facts=FieldFacts(**{"title": "Скидка", "type": "text", **facts}))


def test_a_field_made_on_screen_is_at_once_on_the_card_in_filters_and_in_the_list(office: Office, director, as_person):
    page = director.get("/settings/fields/new")
    assert page.status_code == 200
    form = {"title": "Тематика торта", "type": "choice", "group": "Торт", "option": ["Космос", "Пираты"]}
    assert director.post("/settings/fields/new", form).status_code == 302
    row = FieldDef.objects.get(title="Тематика торта")
    assert (row.key, row.options) == ("tematika_torta", [["kosmos", "Космос"], ["piraty", "Пираты"]])
    owner, deal = as_person(office.cast.owner), office.deal()
    change_deal(deal.pk, by=office.cast.owner.actor, values={row.key: "Пираты"})
    card = owner.get(f"/deals/{deal.pk}").content.decode()
    assert "Тематика торта" in card and "Пираты" in card
    found = owner.get("/deals", {"filter": json.dumps([row.key, "=", "piraty"])}).content.decode()
    assert f"deal-{deal.pk}" in found
    none = owner.get("/deals", {"filter": json.dumps([row.key, "=", "kosmos"])}).content.decode()
    assert f"deal-{deal.pk}" not in none


def test_a_wrong_form_keeps_what_was_typed(office: Office, director):
    answer = director.post("/settings/fields/new", {"title": "", "type": "choice", "group": "Торт", "option": [""]})
    text = answer.content.decode()
    assert answer.status_code == 422 and 'value="Торт"' in text
    assert "id-title-err" in text and "options-err" in text
    assert not FieldDef.objects.filter(group="Торт").exists()


def test_who_may_not_change_the_process_has_no_fields_page(office: Office, as_person):
    for person in (office.cast.owner, office.cast.administrator):
        client = as_person(person)
        assert client.get("/settings/fields").status_code == 403
        assert client.post("/settings/fields/new", {"title": "Скидка", "type": "text"}).status_code == 403


def test_a_field_of_others_is_neither_seen_nor_changed(office: Office, as_person):
    row = declared(office, seen_by=["director"])
    deal, owner = office.deal(), office.cast.owner
    change_deal(deal.pk, by=by(office), values={row.key: "тайная"})
    with pytest.raises(FieldErrors):
        change_deal(deal.pk, by=owner.actor, values={row.key: "явная"})
    client = as_person(owner)
    for address in (f"/deals/{deal.pk}", "/deals", f"/deals/{deal.pk}/history?tab=changes"):
        text = client.get(address).content.decode()
        assert "Скидка" not in text and "тайная" not in text, address
    assert client.get("/deals", {"filter": json.dumps([row.key, "filled"])}).status_code == 422
    assert "тайная" in as_person(office.cast.director).get(f"/deals/{deal.pk}").content.decode()


def test_a_field_that_others_change_is_read_only(office: Office, as_person):
    row = declared(office, edited_by=["director"])
    deal, owner = office.deal(), office.cast.owner
    text = as_person(owner).get(f"/deals/{deal.pk}").content.decode()
    assert "Скидка" in text and f'data-field="{row.key}"' not in text
    with pytest.raises(FieldErrors):
        change_deal(deal.pk, by=owner.actor, values={row.key: "10"})


def test_a_stage_asks_for_a_field_of_the_screen_and_only_of_who_may_fill_it(office: Office):
    deal, owner = office.deal(), office.cast.owner
    row = declared(office, stages=[office.stage("picked").pk])
    to = office.stage("picked")
    with pytest.raises(MissingFields) as missing:
        move_deal(deal.pk, by=owner.actor, to=to)
    assert row.key in missing.value.fields
    change_field(
        row.pk, by=by(office), facts=FieldFacts(title="Скидка", type="text", edited_by=["director"], stages=[to.pk])
    )
    with pytest.raises(Refusal, match="Скидка"):
        move_deal(deal.pk, by=owner.actor, to=to)
    retire_field(row.pk, by=by(office))
    assert row.key not in Stage.objects.get(pk=to.pk).required


def test_a_change_of_type_converts_what_fits_and_keeps_the_rest(office: Office, director, as_person):
    row = declared(office, title="Возраст")
    fits, odd = office.deal(), office.deal()
    change_deal(fits.pk, by=by(office), values={row.key: "12"})
    change_deal(odd.pk, by=by(office), values={row.key: "как обычно"})
    form = {"field": row.pk, "title": "Возраст", "type": "number", "unit": "лет"}
    preview = director.post("/settings/fields/draft", form).content.decode()
    assert "как обычно" in preview
    assert FieldDef.objects.get(pk=row.pk).type == "text"
    assert director.post(f"/settings/fields/{row.pk}", form).status_code == 302
    convert_values(field=row.pk, before="text", options=[])
    convert_values(field=row.pk, before="text", options=[])
    fits.refresh_from_db()
    odd.refresh_from_db()
    assert (fits.fields[row.key], odd.fields[row.key]) == (12, "как обычно")
    owner = as_person(office.cast.owner)
    assert "как обычно" in owner.get(f"/deals/{odd.pk}").content.decode()
    assert f"deal-{odd.pk}" not in owner.get("/deals", {"filter": json.dumps([row.key, "filled"])}).content.decode()
    patch = owner.patch(f"/deals/{odd.pk}/fields", f"{row.key}=30&version=как обычно")
    assert patch.status_code == 200
    odd.refresh_from_db()
    assert odd.fields[row.key] == 30


def test_a_choice_offered_no_more_stays_where_it_was_chosen(office: Office, as_person):
    row = declared(office, type="choice", options=[("", "Старая"), ("", "Новая")])
    deal = office.deal()
    change_deal(deal.pk, by=by(office), values={row.key: "Старая"})
    kept = [tuple(pair) for pair in row.options if pair[1] == "Новая"]
    row = change_field(row.pk, by=by(office), facts=FieldFacts(title="Скидка", type="choice", options=kept))
    assert row.retired_options == [["staraya", "Старая"]]
    assert "Старая" in as_person(office.cast.owner).get(f"/deals/{deal.pk}").content.decode()
    other = office.deal()
    with pytest.raises(FieldErrors):
        change_deal(other.pk, by=by(office), values={row.key: "Старая"})
    back = change_field(
        row.pk, by=by(office), facts=FieldFacts(title="Скидка", type="choice", options=[*kept, ("", "старая")])
    )
    assert back.options[-1] == ["staraya", "старая"] and not back.retired_options


def test_switching_the_document_on_again_leaves_the_screen_alone(office: Office):
    to = office.stage("picked")
    made = declared(office, stages=[to.pk])
    changed = FieldDef.objects.get(key="players")
    facts = FieldFacts(title="Сколько гостей", type="number", unit="гостей", group=changed.group)
    change_field(changed.pk, by=by(office), facts=facts)
    activate(catalogue.text("quests"), by=by(office))
    made.refresh_from_db()
    changed.refresh_from_db()
    assert made.is_active and changed.title == "Сколько гостей"
    assert made.key in Stage.objects.get(pk=to.pk).required
    assert FieldDef.objects.get(key="game_date").owner == FieldDef.Owner.PROCESS


def test_the_order_of_fields_is_kept(office: Office, director):
    first, second = declared(office, title="Первое", group="Г"), declared(office, title="Второе", group="Г")
    assert director.post(f"/settings/fields/{second.pk}/move", {"way": "up"}).status_code == 302
    titles = list(FieldDef.objects.filter(group="Г").values_list("title", flat=True))
    assert titles == ["Второе", "Первое"]
    assert director.post(f"/settings/fields/{first.pk}/retirement").status_code == 302
    assert "Первое" in director.get("/settings/fields?tab=retired").content.decode()
