"""One form for every spelling of a thing."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voronka.clients import inn
from voronka.clients.layout import is_slip, other_layout
from voronka.clients.normal import addresses, emails, firms, handles, names
from voronka.clients.normal.latin import skeleton
from voronka.kernel import phone

CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
PHONES = st.integers(9_000_000_000, 9_999_999_999).map(str)
SPELLINGS = (
    "+7{}",
    "8{}",
    "7{}",
    "{}",
    "8 ({a}) {b}-{c}-{d}",
    "+7 {a} {b} {c} {d}",
    "8-{a}-{b}-{c}-{d}",
    "+7({a}){b}{c}{d}",
)


def spelt(digits: str, how: str) -> str:
    return how.format(digits, a=digits[:3], b=digits[3:6], c=digits[6:8], d=digits[8:])


@given(PHONES, st.sampled_from(SPELLINGS))
def test_a_phone_is_one_however_it_is_spelt(digits, how):
    assert phone.normalise(spelt(digits, how)) == f"+7{digits}"


@given(PHONES, PHONES, st.sampled_from(SPELLINGS[4:]), st.sampled_from([", ", "; ", " / ", "\n"]))
def test_several_phones_in_one_field_are_all_read(one, other, how, between):
    assert set(phone.find(f"{spelt(one, how)}{between}{spelt(other, how)}")) == {f"+7{one}", f"+7{other}"}


def test_a_phone_with_an_extension_is_that_phone():
    assert phone.find("8 (812) 310-44-90 доб. 12") == ["+78123104490"]


@given(PHONES, st.sampled_from(SPELLINGS[4:]))
def test_a_phone_typed_into_the_name_leaves_the_name(digits, how):
    typed = f"Ирина {spelt(digits, how)}"
    assert phone.find(typed) == [f"+7{digits}"]
    assert names.read(typed) == names.read("Ирина")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Юлия Петрова", "Yulia Petrova"),
        ("Юлия Петрова", "Iuliia Petrova"),
        ("Алексей Дёмин", "Demin Alexey"),
        ("Дмитрий Щукин", "Dmitriy Shchukin"),
        ("Ксения Жукова", "Xenia Zhukova"),
        ("Семён Королёв", "Семен Королев"),
        ("Иван Петров", "bdfy gtnhjd"),
        ("Иванов Иван Иванович", "Иван Иванович Иванов"),
        ("Эльвира Щукарь", "'kmdbhf Oerfhm"),
        ("Ирина Соколова", "  СОКОЛОВА   ирина (клиент)"),
    ],
)
def test_a_name_is_one_however_it_is_spelt(one, other):
    assert names.read(one) == names.read(other)


def test_parts_of_a_name():
    assert names.read("Саша Иванова").full == (skeleton("Александра"),)
    assert names.read("Саша Иванов").full == (skeleton("Александр"),)
    assert set(names.read("Саша").full) == {skeleton("Александр"), skeleton("Александра")}
    sokolova = names.read("Соколова И. П.")
    assert (sokolova.given, sokolova.surname, sokolova.patronymic) == ("i.", "sokolov", "p.")
    assert names.read("Кузнецова Анна Сергеевна").gender == names.FEMALE
    assert names.read("Ильич Владимир").given == skeleton("Владимир")
    assert names.read("8 921 447-18-33") == names.Name()


@given(st.text(max_size=60))
def test_any_text_is_read_as_a_name_without_fail(text):
    name = names.read(text)
    assert name.gender in ("", names.MALE, names.FEMALE)


@given(st.text(alphabet=CYRILLIC, min_size=1, max_size=20))
def test_a_skeleton_is_of_small_latin_letters(word):
    assert not set(skeleton(word)) - set(string.ascii_lowercase)
    assert skeleton(word.upper()) == skeleton(word)


@given(st.text(alphabet=CYRILLIC, min_size=1, max_size=20))
def test_keys_of_the_other_layout_come_back(word):
    assert other_layout(other_layout(word)) == word


def test_a_slip_of_the_layout_is_what_cannot_be_said():
    assert is_slip("rjkjrjkmwtdf") and is_slip(",jhbctyrj")
    assert not any(map(is_slip, ("Anna Petrova", "Chelsea", "Анна", "Wolf", "O'Neil", "")))


@given(st.from_regex(r"[a-z][a-z0-9]{2,12}", fullmatch=True), st.sampled_from(["gmail.com", "googlemail.com"]))
def test_a_mailbox_is_one_however_it_is_spelt(login, domain):
    dotted = f"{login[0]}.{login[1:]}+news@{domain}"
    assert emails.box(dotted.upper()) == f"{login}@gmail.com"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("a@gmial.com", "a@gmail.com"),
        ("a@gmail.ru", "a@gmail.com"),
        ("a@yandx.ru", "a@yandex.ru"),
        ("a@maill.ru", "a@mail.ru"),
        ("a@mail.ru", ""),
        ("a@romashka.ru", ""),
        ("not an address", ""),
    ],
)
def test_a_slip_in_a_well_known_domain_is_offered_right(typed, meant):
    assert emails.meant(typed) == meant


@pytest.mark.parametrize(
    "typed", ["@Ira_Sok", "ira_sok", "https://t.me/Ira_Sok?start=1", "t.me/ira_sok/", " www.instagram.com/ira_sok"]
)
def test_a_handle_is_bare(typed):
    assert handles.bare(typed) == "ira_sok"


@pytest.mark.parametrize(
    "typed",
    [
        "191002, Ленинградская обл., г. Пушкин, ул. Ленина, д. 5, корп. 2, кв. 12",
        "Пушкин, улица Ленина 5 к2 кв 12",
        "ленина ул., дом 5 корпус 2, квартира 12",
        "ul. Lenina, d. 5, korp 2, kv 12",
    ],
)
def test_an_address_is_one_however_it_is_spelt(typed):
    found = addresses.read(typed)
    assert (found.street, found.house, found.flat) == ("lenina", "5k2", "12")
    assert found.town in ("", "pushkin")


def test_bare_numbers_of_an_address_are_house_and_flat():
    assert addresses.read("Невский пр., 20, 14") == addresses.read("Невский проспект 20-14")
    assert addresses.read("проспект Мира 10/2").house == "10k2"


@given(st.text(max_size=80))
def test_any_text_is_read_as_an_address_without_fail(text):
    addresses.read(text)


@pytest.mark.parametrize(
    "typed", ["ООО «Ромашка»", "Ромашка, ООО", "ромашка", "Romashka LLC", 'ООО "РОМАШКА"', "hjvfirf"]
)
def test_a_firm_is_one_however_it_is_spelt(typed):
    assert firms.read(typed) == "romashka"


@given(st.integers(0, 9_999_999_999), st.sampled_from([9, 10]))
def test_an_inn_has_its_checksum_and_its_last_digit_is_no_other(number, length):
    right = inn.with_checksum(f"{number:010}"[-length:])
    assert inn.is_valid(right)
    assert not any(inn.is_valid(right[:-1] + last) for last in "0123456789" if last != right[-1])


def test_kpp():
    assert inn.is_kpp("770101001") and inn.is_kpp("7701AB001")
    assert not any(map(inn.is_kpp, ("77010100", "7701010011", "77O101001", "")))
