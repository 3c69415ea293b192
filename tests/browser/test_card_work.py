"""The card as a working place: commands and mentions by keyboard, who else is here, undo, one sheet of paper."""

import re

import pytest
from playwright.sync_api import expect

from voronka.deals.actions import save_template
from voronka.deals.actions.declare_field import FieldFacts, declare_field
from voronka.deals.models import Deal
from voronka.notices.models import Notice
from voronka.testing.office import Office

pytestmark = pytest.mark.browser


def test_a_note_by_template_mention_and_command_without_a_mouse(office: Office, open_page) -> None:
    deal = office.deal()
    by, head = office.cast.owner.actor, office.cast.head
    save_template(by=by, title="Приветствие", text="Добрый день, {имя}!", shared=False)
    page = open_page(f"/deals/{deal.pk}", person=office.cast.owner)
    expect(page.locator("#live:not(.is-wait):not(.is-off)")).to_be_attached()
    area = page.locator("#composer-note textarea")
    area.focus()
    page.keyboard.type("/прив")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(area).to_have_value("Добрый день, Ирина! ")
    page.keyboard.type(f"@{head.name.split()[0]}")
    expect(page.get_by_role("option").first).to_contain_text(head.name)
    page.keyboard.press("Tab")
    expect(page.get_by_role("option")).to_have_count(0)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".v-note .v-at")).to_have_text(f"@{head.name}")
    expect(page.locator("#card-tabs")).to_contain_text("Заметки 1")
    assert Notice.objects.filter(person=head, kind="mention").exists()
    page.keyboard.type("/подобрали")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(".v-stages [aria-current=step]")).to_contain_text("Подобрали игру")
    page.locator("#toasts").get_by_role("button", name=re.compile("Вернуть")).click()
    expect(page.locator(".v-stages [aria-current=step]")).to_contain_text("Взято в работу")
    assert Deal.objects.get(pk=deal.pk).stage == office.stage("taken")


def test_two_in_one_card_see_each_other(office: Office, open_page) -> None:
    """Who is here, and which field is in work; the end of a page's line is its leave, even when its own words are lost."""
    deal = office.deal()
    mine = open_page(f"/deals/{deal.pk}", person=office.cast.owner)
    expect(mine.locator("#live:not(.is-wait):not(.is-off)")).to_be_attached()
    theirs = open_page(f"/deals/{deal.pk}", person=office.cast.head)
    here = f"{office.cast.head.name} смотрит эту сделку"
    expect(mine.locator("#card-presence").get_by_role("img", name=here)).to_be_visible()
    theirs.locator("#field-players").click()
    expect(mine.locator("#label-players .v-works")).to_be_visible()
    theirs.keyboard.press("Escape")
    expect(mine.locator("#label-players .v-works")).to_have_count(0)
    theirs.route("**/presence", lambda route: route.abort())
    theirs.close()
    expect(mine.locator("#card-presence").get_by_role("img")).to_have_count(0)


def test_the_card_is_printed_on_one_sheet(office: Office, open_page) -> None:
    deal = office.deal(stage="picked")
    page = open_page(f"/deals/{deal.pk}/print", person=office.cast.owner)
    assert len(re.findall(rb"/Type\s*/Page[^s]", page.pdf(format="A4"))) == 1


def test_a_client_is_found_by_typing_and_files_are_put_in(office: Office, open_page) -> None:
    """By keyboard alone; the file goes at once, is taken out and comes back."""
    by = office.cast.director.actor
    declare_field(by=by, facts=FieldFacts(title="Партнёр", type="client"))
    declare_field(by=by, facts=FieldFacts(title="Договор", type="file"))
    deal, partner = office.deal(), office.deal("Ольга Партнёрова").company
    page = open_page(f"/deals/{deal.pk}", person=office.cast.owner)
    expect(page.locator("#live:not(.is-wait):not(.is-off)")).to_be_attached()
    page.locator("#field-partner").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("партнёр")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#field-partner")).to_have_text(partner.name)
    expect(page.locator(f'#row-partner a[href="/clients/{partner.pk}"]')).to_be_visible()
    page.locator("#put-dogovor").set_input_files(
        {"name": "договор.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"}
    )
    box = page.locator("#field-dogovor")
    expect(box.get_by_role("link", name="договор.pdf")).to_be_visible()
    box.get_by_role("button", name=re.compile("Убрать")).click()
    expect(box.get_by_role("link")).to_have_count(0)
    page.locator("#toasts").get_by_role("button", name=re.compile("Вернуть")).click()
    expect(box.get_by_role("link", name="договор.pdf")).to_be_visible()
    assert Deal.objects.get(pk=deal.pk).fields["partner"] == partner.pk
