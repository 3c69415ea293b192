"""Search: what people remember finds what they mean, and nothing of what is not theirs."""

import pytest

from voronka.clients.actions import add_identity, add_requisites, register_client
from voronka.clients.layout import other_layout
from voronka.clients.search import Query, read
from voronka.deals.actions import add_note, create_deal
from voronka.deals.models import Deal, FieldDef, Funnel, Stage
from voronka.kernel import actor, clock
from voronka.kernel.models import Attachment
from voronka.web.search.palette import deal_number, hit, hit_phone, look

pytestmark = pytest.mark.django_db
BY = actor.system("test")


@pytest.fixture
def deal(cast):
    funnel = Funnel.objects.create(key="first", title="Первые продажи")
    Stage.objects.create(funnel=funnel, key="new", title="Неразобранное", meaning="unsorted", position=0)
    Stage.objects.create(funnel=funnel, key="work", title="В работе", meaning="open", position=1)

    def make(name, person=cast.owner, *, phone="", brand=cast.brand):
        contact = register_client(by=BY, name=name, identities=[("phone", phone)] if phone else [])
        return create_deal(
            by=BY, funnel=funnel, company=contact.company, contact=contact, brand=brand, responsible=person
        )

    return make


def names(person, typed, **more) -> list[str]:
    found = look(person, typed, **more)
    return [option.client for group in found["groups"] if group.key == "people" for option in group.options]


def deals(person, typed) -> list[str]:
    found = look(person, typed)
    return [option.url for group in found["groups"] if group.key == "deals" for option in group.options]


@pytest.mark.parametrize(
    "typed",
    ["иванов", "ИВАНОВ", "сергей иванов", "Иванов Сер", "bdfyjd", "Bdfyjd Cthutq", "ивонов", "серг", "518-27-40",
     "8 921 518 27 40", "+7 921 518", "ivan@mail.ru", "IVAN@", "ivan_s", "@ivan_s"],
)  # fmt: skip
def test_a_client_is_found_by_what_people_remember(deal, cast, typed):
    found = deal("Сергей Иванов", phone="+79215182740")
    deal("Павел Рыбаков", phone="+79210000000")
    add_identity(found.contact_id, by=BY, kind="email", raw="ivan@mail.ru")
    add_identity(found.contact_id, by=BY, kind="telegram", raw="ivan_s")
    assert names(cast.owner, typed) == ["Сергей Иванов"]
    assert deals(cast.owner, typed) == [f"/deals/{found.pk}"]


def test_yo_is_ye(deal, cast):
    deal("Ольга Фёдорова")
    deal("Пётр Федоров")
    assert (
        sorted(names(cast.owner, "федоров"))
        == sorted(names(cast.owner, "фёдоров"))
        == ["Ольга Фёдорова", "Пётр Федоров"]
    )


def test_inn_finds_the_firm(deal, cast):
    made = deal("ООО «Вектор Строй»")
    add_requisites(made.company_id, by=BY, values={"name": "Вектор", "inn": "7707083893"})
    assert names(cast.owner, "7707083893") == ["ООО «Вектор Строй»"]


def test_the_layout_is_told_and_may_be_taken_literally(deal, cast):
    deal("Сергей Иванов")
    assert look(cast.owner, "bdfyjd")["read_as"] == "иванов"
    assert look(cast.owner, "иванов")["read_as"] == ""
    assert look(cast.owner, "bdfyjd", literal=True)["groups"] == []


def test_a_deal_by_its_number(deal, cast):
    made = deal("Сергей Иванов")
    for typed in (str(made.pk), f"№{made.pk}", f"№ {made.pk}", f"#{made.pk}"):
        assert f"/deals/{made.pk}" in deals(cast.owner, typed)
    assert deal_number("921 604") is None
    assert deals(cast.owner, "9" * 30) == []


# ---- the gate ---------------------------------------------------------------------------------------------------


def test_nothing_of_others_is_found(deal, cast, as_person):
    secret = deal("Тайная Клиентка", cast.colleague, phone="+79215182740")
    add_identity(secret.contact_id, by=BY, kind="email", raw="secret@mail.ru")
    for typed in ("тайная", "nfqyfz", "тайня", "518-27", "secret", str(secret.pk), f"№{secret.pk}"):
        for person in (cast.owner, cast.stranger):
            page = as_person(person).get("/search", {"q": typed}, headers={"HX-Request": "true"}).content.decode()
            assert "Клиентка" not in page and f"/deals/{secret.pk}" not in page, (person.name, typed)
        assert names(cast.head, typed) == ["Тайная Клиентка"] or deals(cast.head, typed)


def test_one_who_sees_few_finds_theirs_among_many_of_others(deal, cast):
    """The limit of a scan stands behind the gate: others' matches don't crowd out own ones."""
    for number in range(12):
        deal(f"Иванов {number}", cast.colleague)
    deal("Иванов Свой")
    from voronka.clients import search

    before, search.MATCHES = search.MATCHES, 5
    try:
        assert names(cast.owner, "иванов") == ["Иванов Свой"]
        assert names(cast.owner, "ивонов") == ["Иванов Свой"]
    finally:
        search.MATCHES = before


def test_a_role_without_clients_finds_deals_only(deal, cast):
    made = deal("Сергей Иванов")
    cast.owner.role.may.remove("see_clients")
    assert names(cast.owner, "иванов") == []
    assert deals(cast.owner, "иванов") == [f"/deals/{made.pk}"]


# ---- page -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["%", "_", "\\", "'", '"', "<script>", "(", "[", "*", "\x00", "ё" * 500, "е(", "🙂", "  "]
)
def test_whatever_is_typed_is_answered(deal, cast, as_person, typed):
    deal("Сергей Иванов")
    for headers in ({}, {"HX-Request": "true"}):
        page = as_person(cast.owner).get("/search", {"q": typed}, headers=headers)
        assert page.status_code == 200
        assert "Иванов" not in page.content.decode() and "<script>alert" not in page.content.decode()


def test_pages_and_commands_are_offered_by_role(deal, cast, as_person):
    found = as_person(cast.owner).get("/search", {"q": "задач"}, headers={"HX-Request": "true"}).content.decode()
    assert 'href="/tasks"' in found
    assert (
        "/settings" not in as_person(cast.owner).get("/search", {"q": "настройки"}).content.decode().split("<main")[1]
    )


def test_number_of_queries(deal, cast, as_person, django_assert_max_num_queries):
    for number in range(8):
        deal(f"Иванов {number}", phone=f"+7921518{number:04}")
    browser = as_person(cast.owner)
    browser.get("/search", {"q": "иванов"})
    for typed in ("иванов", "921518", "bdfyjd"):
        with django_assert_max_num_queries(15):
            browser.get("/search", {"q": typed}, headers={"HX-Request": "true"})


def test_typos_are_forgiven_and_strangers_are_not(deal, cast):
    deal("Сергей Иванов")
    deal("Инна Щербакова")
    for typed, name in (
        ("ивонов", "Сергей Иванов"), ("иваноф", "Сергей Иванов"), ("сергий", "Сергей Иванов"),
        ("сергей ивонов", "Сергей Иванов"), ("ивонов сергей", "Сергей Иванов"), ("щербокова", "Инна Щербакова"),
    ):  # fmt: skip
        assert names(cast.owner, typed) == [name], typed
    for typed in ("петров", "сергей петров"):
        assert names(cast.owner, typed) == [], typed


def test_own_clients_come_first(deal, cast):
    deal("Пётр Иванов", cast.colleague)
    deal("Сергей Иванов", cast.owner)
    deal("Олег Иванов", cast.colleague)
    assert names(cast.head, "иванов")[0] == "Олег Иванов"
    assert names(cast.director, "иванов")[0] == "Олег Иванов"
    deal("Павел Иванов", cast.head)
    deal("Семён Иванов", cast.colleague)
    assert names(cast.head, "иванов")[0] == "Павел Иванов"


def test_notes_are_found_by_words_in_any_form_and_only_by_those_who_see_the_deal(deal, cast):
    made = deal("Сергей Иванов", cast.owner)
    add_note(made.pk, by=BY, text="Аллергия на орехи, предупредить локацию")
    for typed in ("орех", "аллергия", "предупредить локации"):
        assert [option.url for option in _notes(cast.owner, typed)] == [f"/deals/{made.pk}"], typed
    assert _notes(cast.owner, "шоколад") == []
    assert _notes(cast.stranger, "орех") == []


def test_files_are_found_by_name_and_deals_by_what_stands_in_their_fields(deal, cast):
    FieldDef.objects.create(key="contract", title="Договор", type="text")
    FieldDef.objects.create(key="secret", title="Секрет", type="text", seen_by=["rop"])
    FieldDef.objects.create(key="agent", title="Агент", type="client")
    FieldDef.objects.create(key="scan", title="Скан", type="file", seen_by=["rop"])
    made, agent = deal("Сергей Иванов", cast.owner), deal("Олег Агентов", cast.owner)
    values = {"contract": "Кв-77/12", "secret": "шифр", "agent": agent.company_id}
    Deal.objects.filter(pk=made.pk).update(fields=values)
    now = clock.now()
    for name, field in (("Договор Ёлкина 2026.pdf", ""), ("Договор тайный.pdf", "scan")):
        Attachment.objects.create(name=name, content_type="x", size=1, deal_id=made.pk, field=field, created_at=now)
    for typed in ("договор", "елкина", "2026.PDF"):
        [option] = found(cast.owner, typed, "files")
        assert "Ёлкина" in option.title.striptags(), typed
    assert [option.url for option in found(cast.owner, "кв-77/12", "deals")] == [f"/deals/{made.pk}"]
    assert "Договор: Кв-77/12" in found(cast.owner, "Кв-77/12", "deals")[0].note.striptags()
    assert f"/deals/{made.pk}" in [option.url for option in found(cast.owner, "агентов", "deals")]
    assert found(cast.owner, "шифр", "deals") == [], "a field that the role does not see"
    for typed in ("договор", "кв-77/12"):
        assert look(cast.stranger, typed)["groups"] == [], typed


def found(person, typed, key):
    return [option for group in look(person, typed)["groups"] if group.key == key for option in group.options]


def _notes(person, typed):
    return found(person, typed, "notes")


# ---- pure -------------------------------------------------------------------------------------------------------


def test_keys_of_the_other_layout():
    assert other_layout("bdfyjd") == "иванов"
    assert other_layout("ИВАНОВ") == "bdfyjd"
    assert other_layout(other_layout("щукарь, ёж.")) == "щукарь, ёж."


def test_digits_of_a_phone():
    assert read("8 (921) 338-40-17").digits == "79213384017"
    assert read("+7 921 338").digits == "7921338"
    assert read("604 18").is_phone and not read("дом 604").is_phone


def test_marks_are_escaped():
    assert str(hit("<b>Иванов</b>", Query("иванов", ""))) == "&lt;b&gt;<mark class='v-hit'>Иванов</mark>&lt;/b&gt;"
    assert "<mark class='v-hit'>604-18</mark>-33" in str(hit_phone("+79216041833", Query("60418", "60418")))
