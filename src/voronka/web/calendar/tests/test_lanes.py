"""Things of one time stand side by side."""

from hypothesis import given
from hypothesis import strategies as st

from voronka.web.calendar.lanes import SHORTEST, lanes

spans = st.lists(st.tuples(st.integers(0, 1439), st.integers(5, 600)), max_size=30)


@given(spans)
def test_nothing_covers_anything(found) -> None:
    placed = lanes([(start, length, number) for number, (start, length) in enumerate(found)], most=99).placed
    assert sorted(number for number, _lane, _count in placed) == list(range(len(found)))
    at = {number: (lane, count) for number, lane, count in placed}
    for one, (start, length) in enumerate(found):
        lane, count = at[one]
        assert 0 <= lane < count
        for other, (begins, _length) in enumerate(found):
            if one != other and start <= begins < start + max(length, SHORTEST):
                assert at[other][0] != lane, "two at one time in one lane"
                assert at[other][1] == count, "those that meet share the width"


@given(spans, st.integers(1, 4))
def test_what_finds_no_lane_is_in_a_list(found, most) -> None:
    laid = lanes([(start, length, number) for number, (start, length) in enumerate(found)], most=most)
    shown = [number for number, _lane, _count in laid.placed]
    assert sorted([*shown, *(number for crowd in laid.crowds for number in crowd)]) == list(range(len(found)))
    assert all(crowd for crowd in laid.crowds)
    assert all(lane < count <= most for _number, lane, count in laid.placed)
