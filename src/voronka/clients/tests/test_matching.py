"""Who is who, learned from the rows themselves."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voronka.clients.matching import firms, people
from voronka.clients.matching.blocks import pairs_of, union
from voronka.clients.matching.certainty import AUTOMATIC, identified
from voronka.clients.matching.columns import joined, numbered
from voronka.clients.matching.groups import grouped, one_to_one, pairs_within
from voronka.clients.matching.matcher import compare
from voronka.clients.matching.reasons import reasons

GIVEN = [
    "Анна",
    "Мария",
    "Елена",
    "Ольга",
    "Ирина",
    "Юлия",
    "Дарья",
    "Алина",
    "Вера",
    "Нина",
    "Инна",
    "Алла",
    "Зоя",
    "Майя",
    "Римма",
    "Лидия",
    "Софья",
    "Полина",
    "Тамара",
    "Диана",
    "Иван",
    "Пётр",
    "Сергей",
    "Олег",
    "Юрий",
    "Антон",
    "Роман",
    "Денис",
    "Глеб",
    "Марк",
    "Артур",
    "Илья",
    "Лев",
    "Павел",
    "Егор",
    "Тимур",
    "Борис",
    "Вадим",
    "Захар",
    "Макар",
]
ROOTS = "Ивaн Петр Сокол Волк Зай Мороз Куз Лебед Нови Орл Кот Бел Сав Тих Фро Жук Рыб Гус".replace("a", "а").split()


def crowd(count: int) -> list[people.Card]:
    """Strangers, some of whom share a name."""
    chance = random.Random(3)
    found = []
    for _ in range(count):
        given_name = chance.choice(GIVEN)
        surname = chance.choice(ROOTS) + chance.choice(("ов", "ев", "ин", "енко"))
        surname += "а" if given_name in GIVEN[:20] and not surname.endswith("о") else ""
        found.append(person(f"{given_name} {surname}", f"+79{chance.randrange(10**9):09}"))
    return found


def person(name: str, *phones: str, email: str = "", address: str = "", birthday: str = "") -> people.Card:
    known = [("phone", number) for number in phones] + ([("email", email)] if email else [])
    return people.card(name=name, identities=known, address=address, birthday=birthday)


def judged(*cards: people.Card) -> tuple[float, bool, list[str]]:
    """(odds, may merge by itself, reasons) of the last two of a crowd."""
    every = [*crowd(300), *cards]
    compared = compare(list(people.comparisons(every)), people.candidates(every), rows=len(every))
    wanted = (compared.pairs[0] == len(every) - 2) & (compared.pairs[1] == len(every) - 1)
    place = int(np.flatnonzero(wanted)[0])
    odds = float(compared.weighed.odds[place])
    told = reasons(compared.seen, compared.weighed, place)
    return odds, odds > AUTOMATIC and bool(identified(compared.seen)[place]), [reason.key for reason in told]


def test_one_person_written_twice_merges_by_itself():
    odds, alone, why = judged(
        person("Ирина Соколова", "+79214471833", email="irasok@gmail.com", birthday="1990-03-08"),
        person("Sokolova Irina", "+79214471833", email="ira.sok@gmail.com", birthday="1990-03-08"),
    )
    assert alone and odds > AUTOMATIC
    assert {"phone", "email", "surname", "given"} <= set(why)


def test_a_short_name_with_the_phone_and_the_surname_is_the_person():
    assert judged(person("Александр Рябой", "+79214471833"), person("Саша Рябой", "+79214471833"))[0] > 2


def test_a_family_with_one_phone_and_flat_is_not_one_person():
    home = "ул. Ленина, д. 5, кв. 12"
    odds, alone, _why = judged(
        person("Ирина Рябая", "+79214471833", address=home), person("Олег Рябой", "+79214471833", address=home)
    )
    assert not alone and odds < AUTOMATIC


def test_father_and_son_of_one_name_at_one_address_are_for_people_to_decide():
    home = "ул. Ленина, д. 5, кв. 12"
    _odds, alone, _why = judged(
        person("Олег Рябой", "+79214471833", address=home), person("Олег Рябой", "+79310000000", address=home)
    )
    assert not alone


def test_two_firms_with_one_phone_are_not_one():
    words = [
        "Ромашка",
        "Лютик",
        "Василёк",
        "Мак",
        "Ирис",
        "Пион",
        "Астра",
        "Роза",
        "Тюльпан",
        "Сирень",
        "Жасмин",
        "Фиалка",
    ]
    every = [
        firms.firm(name=f"ООО «{a} {b}»", identities=[("phone", f"+7812{i:03}{j:04}")])
        for i, a in enumerate(words)
        for j, b in enumerate(words)
    ]
    every += [
        firms.firm(name="ООО «Клён»", identities=[("phone", "+78125550000")]),
        firms.firm(name="АО «Дуб»", identities=[("phone", "+78125550000")]),
    ]
    every += [
        firms.firm(name="ООО «Вяз»", inn="7707083893", kpp="770701001"),
        firms.firm(name="Вяз, ООО", inn="7707083893", kpp="770701001"),
    ]
    compared = compare(list(firms.comparisons(every)), firms.candidates(every), rows=len(every))
    odds = {
        pair: odd
        for *pair_, odd in zip(*compared.pairs, compared.weighed.odds, strict=True)
        for pair in [tuple(map(int, pair_))]
    }
    assert odds[(144, 145)] < 0
    assert odds[(146, 147)] > AUTOMATIC


@given(st.lists(st.sampled_from(["a", "b", "c", ""]), max_size=12))
def test_pairs_of_a_key_are_all_and_once(values):
    left, right = pairs_of(numbered(values)[0], most=50)
    found = set(zip(left.tolist(), right.tolist(), strict=True))
    wanted = {(i, j) for i, a in enumerate(values) for j, b in enumerate(values) if i < j and a == b and a}
    assert found == wanted and len(left) == len(found)
    assert all(
        np.array_equal(*pair)
        for pair in zip(union([(left, right), (left, right)], 12), union([(left, right)], 12), strict=True)
    )


@given(st.lists(st.tuples(st.sampled_from(["a", "b", ""]), st.sampled_from(["x", "y", ""])), max_size=12))
def test_a_joined_key_is_the_same_for_the_same_two(values):
    both = joined(*(numbered(side)[0] for side in zip(*values, strict=True))) if values else np.zeros(0)
    for i, one in enumerate(values):
        assert (both[i] < 0) == (not all(one))
        for j, other in enumerate(values):
            assert not all(one) or not all(other) or (both[i] == both[j]) == (one == other)


@pytest.mark.parametrize(("last", "wanted"), [(9.0, [[0, 1, 2]]), (-40.0, [[0, 1]])])
def test_a_sure_no_parts_what_a_chain_would_join(last, wanted):
    pairs = (np.array([0, 1, 0]), np.array([1, 2, 2]))
    assert grouped(pairs, np.array([9.0, 5.0, last])) == wanted


def test_one_to_one_keeps_the_likest():
    pairs = (np.array([0, 0, 1]), np.array([2, 3, 3]))
    assert one_to_one(pairs, np.array([3.0, 5.0, 4.0])).tolist() == [1]
    assert list(pairs_within([[1, 2, 3]])) == [(1, 2), (1, 3), (2, 3)]
