"""The board under a thumb."""

from contextlib import suppress

import pytest
from playwright.sync_api import TimeoutError, expect

from voronka.testing.browser import PHONE
from voronka.testing.office import Office

pytestmark = pytest.mark.browser

#: Column n stands at the left edge.
STANDS = (
    "n => { const board = document.querySelector('[data-board]'); return board.scrollLeft === n * board.clientWidth; }"
)


def test_a_swipe_brings_the_next_column_also_over_a_tile(office: Office, open_page) -> None:
    deal = office.deal()
    page = open_page("/board?funnel=first", person=office.cast.owner, size=PHONE, has_touch=True, is_mobile=True)
    box = page.locator(f"#tile-{deal.pk}").bounding_box()
    touch = page.context.new_cdp_session(page)

    def swipe(start: int, end: int) -> None:
        def tell(kind: str, *xs: float) -> None:
            points = [{"x": x, "y": box["y"] + box["height"] / 2} for x in xs]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        tell("touchStart", start)
        for step in range(1, 9):
            tell("touchMove", start + (end - start) * step / 8)
            page.wait_for_timeout(16)
        tell("touchEnd")

    def bring(column: int, start: int, end: int) -> None:
        """A busy machine drops moves of a finger; then a person swipes again."""
        for _try in range(3):
            swipe(start, end)
            with suppress(TimeoutError):
                page.wait_for_function(STANDS, arg=column, timeout=2500)
                return
        page.wait_for_function(STANDS, arg=column)

    bring(1, 330, 60)
    bring(0, 60, 330)
    expect(page.locator(f"#tile-{deal.pk}")).to_be_visible()
