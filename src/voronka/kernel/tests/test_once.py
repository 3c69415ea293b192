from datetime import timedelta

import pytest

from voronka.kernel.models import Sending
from voronka.kernel.once import KEEP, once

pytestmark = pytest.mark.django_db


def act(person_id: int, key: str) -> bool:
    with once(person_id, key) as is_first:
        return is_first


def test_a_repeat_is_left_out_and_another_sending_is_not():
    assert [act(1, "a"), act(1, "a"), act(1, "b"), act(2, "a")] == [True, False, True, True]


def test_without_a_name_everything_is_done():
    assert [act(1, ""), act(1, ""), act(1, "\x00")] == [True, True, True]


def test_what_failed_is_done_when_it_comes_again():
    with pytest.raises(ZeroDivisionError), once(1, "a"):
        raise ZeroDivisionError
    assert act(1, "a")


def test_names_are_kept_for_a_month(clock):
    act(1, "old")
    clock.advance(seconds=(KEEP + timedelta(days=1)).total_seconds())
    act(1, "new")
    assert list(Sending.objects.values_list("key", flat=True)) == ["new"]
