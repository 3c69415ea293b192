"""A file brought in as people bring it: read, looked at, written, met again, taken back."""

from datetime import date, datetime

import pytest

from voronka.clients.actions import (
    add_address,
    add_contact,
    add_identity,
    add_requisites,
    change_contact,
    register_client,
)
from voronka.clients.models import Company, Contact, Identity, Requisites
from voronka.clients.queries import identify
from voronka.deals.models import Deal
from voronka.imports import actions, queries, work
from voronka.imports.models import Import, Row
from voronka.kernel import actor
from voronka.kernel.errors import Refusal
from voronka.kernel.models import Event
from voronka.process.models import Trace

from .base import brought_in, fates, looked_at, state_of_base, states, taken_back, xlsx

pytestmark = pytest.mark.django_db

FILE = """ФИО клиента;Тел;E-mail;Компания;ИНН;День рождения;Сумма;Этап;Менедж.;Прим
Соколова Ирина;8 (921) 447-18-33;;;;03.08.1984;18 500;;Дмитрий;
Пётр Гущин;89053104412;gush@mail.ru;;;;12,500;Игра забронирована;;
Мария Гущина;+7 905 310-44-12;;;;;;;;жена
Алла Ю.;921 447;;;;;9 000;;;
Лицей;;office@lyceum.example;ООО «Лицей»;7707083893;;;;;
Вика Ло;;vika@lyceum.example;ооо «лицей»;;;;;;
Вера Ан;+79045521970;;;;31.02.1984;;;;
Ирина Соколова;+79214471833;irina@mail.ru;;;;;;;
"""


@pytest.fixture
def known(office):
    """A client who is here before the file."""
    return register_client(by=actor.system("test"), name="Ирина Соколова", identities=[("phone", "+79214471833")])


def test_a_file_of_a_russian_table_program_is_understood_and_looked_at(office, known):
    one = looked_at(office.cast.director, FILE.encode("cp1251"))
    assert (one.state, one.error) == ("ready", "")
    assert one.form == {"encoding": "cp1251", "separator": ";"} and one.total == 8
    assert one.mapping == [
        "contact.name", "contact.phone", "contact.email", "company.name", "company.inn", "contact.birthday",
        "deal.amount", "deal.stage", "deal.responsible", "note",
    ]  # fmt: skip
    assert states(one) == {
        2: "updated", 3: "made", 4: "joined", 5: "refused", 6: "made", 7: "joined", 8: "refused", 9: "updated",
    }  # fmt: skip
    assert Company.objects.count() == 1, "looking writes nothing"


def test_what_was_shown_is_what_comes_to_be_and_all_of_it_goes_back(office, known):
    person, before = office.cast.director, state_of_base()
    shown = fates(looked_at(person, FILE))
    one = brought_in(person, FILE)
    assert one.state == "done" and one.done == 8
    assert {number: state for number, (state, _why) in fates(one).items()} == {
        number: state for number, (state, _why) in shown.items()
    }
    known.refresh_from_db()
    assert known.birthday == date(1984, 8, 3) and known.name == "Ирина Соколова"
    assert known.identities.filter(kind="email").get().value == "irina@mail.ru"
    peter, maria = Contact.objects.get(name="Пётр Гущин"), Contact.objects.get(name="Мария Гущина")
    assert peter.company == maria.company and peter.company.kind == "family"
    lyceum = Company.objects.get(name="ООО «Лицей»")
    assert lyceum.kind == "legal" and lyceum.requisites.get().inn == "7707083893"
    assert set(lyceum.contacts.values_list("name", flat=True)) == {"Лицей", "Вика Ло"}
    deals = {deal.contact.name: deal for deal in Deal.objects.select_related("contact", "responsible", "stage")}
    assert deals["Пётр Гущин"].amount == 12500 and deals["Ирина Соколова"].responsible == office.cast.colleague
    assert not Trace.objects.exists(), "rules keep silent about what an import brings"
    kinds = set(Event.objects.filter(why=one.why).values_list("kind", flat=True))
    assert kinds == {
        "client.registered", "contact.added", "contact.changed", "identity.added", "requisites.added", "note.added",
        "deal.created",
    }  # fmt: skip
    assert set(Event.objects.filter(why=one.why).values_list("by_kind", "person_id")) == {("import", person.pk)}
    taken_back(person, one)
    assert one.state == "undone" and queries.tally(one) == {"undone": 6, "refused": 2}
    assert state_of_base() == before


def test_what_people_have_worked_on_since_stays_and_is_listed(office, known):
    person = office.cast.director
    one = brought_in(person, FILE)
    vika, peter = Contact.objects.get(name="Вика Ло"), Contact.objects.get(name="Пётр Гущин")
    change_contact(vika.pk, by=person.actor, values={"position": "Завуч"})
    add_contact(peter.company, by=person.actor, name="Лёва Гущин", is_child=True)
    taken_back(person, one)
    assert states(one) == {
        2: "undone", 3: "kept", 4: "undone", 5: "refused", 6: "kept", 7: "kept", 8: "refused", 9: "undone",
    }  # fmt: skip
    assert set(Contact.objects.values_list("name", flat=True)) == {
        "Ирина Соколова", "Пётр Гущин", "Лёва Гущин", "Лицей", "Вика Ло",
    }  # fmt: skip
    known.refresh_from_db()
    assert known.birthday is None and not known.identities.filter(kind="email").exists()


def test_a_killed_worker_goes_on_where_it_stopped_and_a_pause_waits(office, known, monkeypatch):
    person, lines = office.cast.director, "\n".join(f"Гость {n};+7921{n:07}" for n in range(1, 26))
    monkeypatch.setattr(work, "CHUNK", 10)
    one = looked_at(person, f"Имя;Телефон\n{lines}")
    actions.run_import(one.pk, by=person.actor)
    written, insert_many = [], work.insert_many

    def killed(rows):
        insert_many(rows)
        written.append(len(rows))
        if len(written) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(work, "insert_many", killed)
    with pytest.raises(KeyboardInterrupt):
        work.run(one.pk)
    one.refresh_from_db()
    assert (one.state, one.done, Contact.objects.count()) == ("running", 10, 11)
    monkeypatch.setattr(work, "insert_many", insert_many)
    actions.pause_import(one.pk, by=person.actor)
    work.run(one.pk)
    assert Contact.objects.count() == 11, "a paused import waits"
    actions.run_import(one.pk, by=person.actor)
    work.run(one.pk)
    work.run(one.pk)
    one.refresh_from_db()
    assert (one.state, one.done, one.rows.count(), Contact.objects.count()) == ("done", 25, 25, 26)


def test_bad_rows_come_in_a_file_and_are_fed_again_mended(office, known):
    person = office.cast.director
    one = brought_in(person, FILE)
    heads, bad = [*one.heads, queries.REASON], list(queries.bad_rows(one))
    assert [row[0] for row in bad] == ["Алла Ю.", "Вера Ан"] and "31.02.1984" in bad[1][-1]
    mended = [[cell.replace("921 447", "8 921 447-00-01").replace("31.02", "28.02") for cell in row] for row in bad]
    again = brought_in(person, xlsx(heads, *mended), "bad.xlsx")
    assert states(again) == {2: "made", 3: "made"}, "the columns were remembered, the reasons become nothing"
    assert Identity.objects.filter(value="+79214470001").exists()


def test_the_rule_of_meeting_is_that_of_entry(office):
    """Whom an inquiry would be joined to, the row is."""
    by = actor.system("test")
    family = register_client(by=by, name="Анна Смирнова", identities=[("phone", "+79210000001")])
    son = add_contact(family.company, by=by, name="Илья Смирнов")
    add_identity(son.pk, by=by, kind="phone", raw="+79210000001")
    other = register_client(by=by, name="Олег Ким", identities=[("email", "kim@mail.ru")])
    rows = [
        ("Смирнов Илья", "+79210000001", "kim@mail.ru"), ("Аня", "+79210000001", ""), ("", "", "kim@mail.ru"),
    ]  # fmt: skip
    one = looked_at(office.cast.director, xlsx(("Имя", "Телефон", "Почта"), *rows))
    for row, (name, phone, email) in zip(one.rows.order_by("number"), rows, strict=True):
        ways = [way for way in (("phone", phone), ("email", email)) if way[1]]
        assert row.contact == identify(ways, name=name).pk
    assert set(one.rows.values_list("contact", flat=True)) == {son.pk, family.pk, other.pk}


def test_known_clients_are_met_as_chosen_and_found_by_their_own_keys(office):
    person, by = office.cast.director, actor.system("test")
    firm = register_client(by=by, name="Вика", kind="legal", company_name="ООО «Лицей»")
    add_requisites(firm.company_id, by=by, values={"name": "ООО «Лицей»", "inn": "7707083893"})
    add_address(firm.company_id, by=by, text="Невский, 1")
    file = "ID контакта;ФИО;Должность;ИНН;Адрес;Теги\n77;Виктория Ло;Завуч;7707083893;невский, 1;VIP, школа\n"
    before = state_of_base()
    one = brought_in(person, file, system="old-crm")
    assert fates(one)[2][0] == "joined"
    again = looked_at(person, file, system="old-crm")
    assert fates(again)[2] == ("skipped", "раньше уже загружали; ничего нового")
    assert fates(looked_at(person, file.replace("Завуч", "Директор"), system="old-crm"))[2][0] == "skipped"
    over = brought_in(person, file.replace("Завуч", "Директор"), system="old-crm", known="overwrite")
    contact = Contact.objects.get(name="Виктория Ло")
    assert fates(over)[2][0] == "updated" and contact.position == "Директор"
    assert contact.company_id == firm.company_id and len(contact.company.tags) == 2
    assert Requisites.objects.count() == 1 and contact.company.addresses.count() == 1
    taken_back(person, over)
    contact.refresh_from_db()
    assert contact.position == "Завуч"
    taken_back(person, one)
    assert state_of_base() == before


def test_a_client_whom_one_does_not_see_is_neither_touched_nor_doubled(office, known):
    person = office.cast.head
    person.role.may = [*person.role.may, "import_clients"]
    person.role.save()
    one = brought_in(person, "Имя;Телефон\nИрина;+79214471833\nНовый;+79214471834\n")
    assert states(one) == {2: "refused", 3: "made"}
    made = Contact.objects.get(name="Новый").company
    assert f"b:{office.cast.brand.pk}" in made.home
    with pytest.raises(Refusal):
        actions.undo_import(one.pk, by=office.cast.owner.actor)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("empty.csv", b"\n\n", "пуст"),
        ("old.xls", b"\xd0\xcf\x11\xe0" + b"0" * 600, "старого Excel"),
        ("broken.xlsx", b"PK\x03\x04 and no more", "не читается"),
    ],
)
def test_what_cannot_be_read_says_why(office, name, content, told):
    one = looked_at(office.cast.director, content, name)
    assert one.state == "failed" and told in one.error


def test_cards_of_a_phone_and_tables_with_dates_are_read(office):
    card = (
        "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:"
        "=D0=9A=D0=B8=D0=BC;=D0=9E=D0=BB=D0=B5=D0=B3;;;\r\nTEL;CELL:8 921 555-66-77\r\nTEL;HOME:+7 812 244-55-66\r\n"
        "BDAY:1984-08-03\r\nEND:VCARD\r\n"
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Анна Ли\r\nN:Ли;Анна;;;\r\nEMAIL:anna@li.ru\r\nORG:ООО «Ли»\r\nEND:VCARD\r\n"
    )
    brought_in(office.cast.director, card, "phone.vcf")
    oleg = Contact.objects.get(name__contains="Олег")
    assert oleg.birthday == date(1984, 8, 3) and oleg.identities.filter(kind="phone").count() == 2
    assert Contact.objects.get(name="Анна Ли").company.name == "ООО «Ли»"
    sheet = xlsx(
        ("Имя", "Телефон", "Дата создания", "Сумма"), ("Ян", 79215550001, datetime(2024, 8, 3, 14, 5), 12500.5)
    )
    one = brought_in(office.cast.director, sheet, "deals.xlsx")
    deal = Deal.objects.get(contact__name="Ян")
    assert fates(one)[2][0] == "made" and str(deal.amount) == "12500.50"
    assert deal.created_at.isoformat() == "2024-08-03T11:05:00+00:00"
    assert not Import.objects.filter(state="failed").exists() and Row.objects.filter(state="refused").count() == 0
