"""A talk on the phone with the card open: the script is ticked off, the knowledge base is read over the card."""

import pytest
from playwright.sync_api import expect

from voronka.process import scripts
from voronka.testing.office import Office

pytestmark = pytest.mark.browser


def test_the_script_is_ticked_and_an_article_read_over_the_card(office: Office, open_page) -> None:
    deal = office.deal()
    page = open_page("/board", person=office.cast.owner)
    page.locator(f'.v-tile[data-card="/deals/{deal.pk}"]').click()
    step = page.locator("#tick-pick-2")
    step.click()
    expect(step).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#script-pick summary")).to_contain_text("1 из 7")
    assert scripts.ticked(deal) == {("pick", 2)}
    page.locator("#composer-note textarea").fill("Недописанное")
    page.locator("#card-right").get_by_role("link", name="База знаний").click()
    over = page.locator("dialog#knowledge[open]")
    over.get_by_role("searchbox").fill("пять минут")
    over.get_by_role("link", name="Пять минут: почему и как успевать").click()
    expect(over.get_by_role("heading", name="Пять минут: почему и как успевать")).to_be_visible()
    page.keyboard.press("Escape")
    expect(over).to_have_count(0)
    expect(page.locator("#composer-note textarea")).to_have_value("Недописанное")
    expect(page.locator("#card-ran")).to_contain_text("Связаться и подобрать игру")
