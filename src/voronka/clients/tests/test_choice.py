"""Which values a merged row has, and what is left of them when it is parted."""

import pytest

from voronka.clients.merging import choice


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
