import pytest

from voronka.kernel import phone


@pytest.mark.parametrize(
    "typed",
    ["+7 (921) 338-40-17", "8 921 338 40 17", "89213384017", "9213384017", "7 921 338-40-17", "+79213384017"],
)
def test_every_spelling_is_one_number(typed):
    assert phone.normalise(typed) == "+79213384017"


@pytest.mark.parametrize("typed", ["", "123", "Иван", "28.11.2026", "0000000000"])
def test_what_is_no_phone_is_none(typed):
    assert phone.normalise(typed) is None


def test_a_phone_typed_into_a_name_is_found_and_cut_out():
    assert phone.find("Ирина +7 921 338-40-17, после 18") == ["+79213384017"]
    assert phone.without_phones("Ирина +7 921 338-40-17") == "Ирина"
