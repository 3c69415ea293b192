"""The deal card as people work in it, alone and over the board."""

import re

import pytest
from playwright.sync_api import Page, expect

from voronka.deals.actions import add_note, change_deal, move_deal
from voronka.deals.models import Deal, Funnel
from voronka.tasks.actions import complete_task
from voronka.tasks.models import Task
from voronka.testing.browser import DESKTOP, PHONE, TABLET, axe_faults, overflow
from voronka.testing.office import Office

pytestmark = pytest.mark.browser
BOARD = "/board?funnel=first"


def card(deal: Deal) -> str:
    return f"/deals/{deal.pk}"


def online(page: Page) -> Page:
    expect(page.locator("#live:not(.is-wait):not(.is-off)")).to_be_attached()
    return page


def edit(page: Page, key: str, text: str) -> None:
    page.locator(f"#field-{key}").click()
    page.locator(f"#field-{key} input").fill(text)
    page.keyboard.press("Enter")


def test_it_opens_over_the_board_and_back_closes_it(office: Office, open_page) -> None:
    deal = office.deal()
    page = open_page(BOARD, person=office.cast.owner)
    page.locator(f"#tile-{deal.pk} .v-t2").click()
    panel = page.locator("#card")
    expect(panel.locator("h1")).to_contain_text("Ирина Соколова")
    expect(page).to_have_url(re.compile(rf"/deals/{deal.pk}$"))
    page.go_back()
    expect(panel).not_to_be_visible()
    expect(page).to_have_url(re.compile(r"/board\?funnel=first$"))
    page.locator(f"#tile-{deal.pk}").focus()
    page.keyboard.press("Enter")
    expect(panel).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).not_to_be_visible()


def test_a_stranger_gets_nothing(office: Office, open_page) -> None:
    """AC-2: once taken, only the taking account and its heads; a page, its parts and every act are a 404."""
    deal = office.deal()
    page = open_page("/board", person=office.cast.stranger)
    for part in ("", "/head", "/side", "/right", "/history", "/moves", "/tasks", "/lines", "/responsible"):
        assert page.request.get(f"{card(deal)}{part}").status == 404, part
    token = page.locator('meta[name="csrf-token"]').get_attribute("content")
    for method, part in (("put", "/stage"), ("post", "/taking"), ("patch", "/fields"), ("post", "/notes")):
        answer = page.request.fetch(f"{card(deal)}{part}", method=method, headers={"X-CSRFToken": token})
        assert answer.status == 404, part
    assert page.request.get(f"{card(deal)}/tile?funnel=first").status == 204
    partner = open_page(card(deal), person=office.cast.partner)
    expect(partner.locator("h1").last).to_contain_text("Ирина Соколова")


def test_a_field_is_edited_in_place_and_taken_back(office: Office, open_page) -> None:
    deal = office.deal()
    change_deal(deal.pk, by=office.cast.owner.actor, values={"players": "6"})
    page = online(open_page(card(deal), person=office.cast.owner))
    edit(page, "players", "много")
    expect(page.locator("#field-players-err")).to_be_visible()
    page.locator("#field-players input").fill("8")
    page.keyboard.press("Enter")
    expect(page.locator("#field-players")).to_have_text("8 чел.")
    expect(page.locator(".v-ev").last).to_contain_text("8 чел.")
    page.get_by_role("button", name=re.compile("Вернуть")).click()
    expect(page.locator("#field-players")).to_have_text("6 чел.")
    assert Deal.objects.get(pk=deal.pk).fields["players"] == 6


def test_two_people_in_one_card(office: Office, open_page) -> None:
    """A colleague's edit comes without disturbing what I type; the same field shows both values."""
    deal = office.deal()
    mine = online(open_page(card(deal), person=office.cast.owner))
    theirs = online(open_page(card(deal), person=office.cast.partner))
    mine.locator("#field-budget").click()
    mine.locator("#field-budget input").press_sequentially("18 0")
    edit(theirs, "players", "8")
    expect(mine.locator("#field-players")).to_have_text("8 чел.", timeout=3000)
    expect(mine.locator("#field-budget input")).to_have_value("18 0")
    expect(mine.locator("#field-budget input")).to_be_focused()
    edit(theirs, "budget", "20000")
    expect(theirs.locator("#field-budget")).to_contain_text("20")
    mine.keyboard.type("00")
    mine.keyboard.press("Enter")
    dialog = mine.locator("#conflict-dialog")
    expect(dialog).to_contain_text("20 000")
    expect(dialog).to_contain_text(office.cast.partner.name)
    mine.keyboard.press("2")
    expect(mine.locator("#field-budget")).to_contain_text("18")
    expect(theirs.locator("#field-budget")).to_contain_text("18", timeout=3000)
    assert Deal.objects.get(pk=deal.pk).fields["budget"] == "18000.00"


def test_a_note_and_a_task_from_the_composer(office: Office, open_page) -> None:
    """WP-1, WP-3: Ctrl+Enter sends; both are in the timeline and the colleague sees them."""
    deal = office.deal()
    other = online(open_page(card(deal), person=office.cast.partner))
    page = online(open_page(card(deal), person=office.cast.owner))
    page.locator("#composer-note textarea").fill("Аллергия на орехи")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".v-note", has_text="Аллергия на орехи")).to_be_visible()
    expect(other.locator(".v-note", has_text="Аллергия на орехи")).to_be_visible(timeout=3000)
    expect(page.locator("#composer-note textarea")).to_have_value("")
    page.get_by_role("tab", name="Задача").click()
    page.locator("#composer-task textarea").fill("Подтвердить бронь")
    page.locator("#composer-task [name=when]").select_option("hour")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".v-ev", has_text="Подтвердить бронь")).to_be_visible()
    expect(page.locator("#card-right")).to_contain_text("Подтвердить бронь")
    task = Task.objects.get(title="Подтвердить бронь")
    assert (task.deal_id, task.responsible) == (deal.pk, office.cast.owner)


def test_a_draft_survives_a_reload(office: Office, open_page) -> None:
    deal = office.deal()
    page = open_page(card(deal), person=office.cast.owner)
    page.locator("#composer-note textarea").fill("Недописанное")
    page.reload()
    expect(page.locator("#composer-note textarea")).to_have_value("Недописанное")


def test_the_next_step_is_done_and_the_following_planned(office: Office, open_page) -> None:
    deal = office.deal()
    for task in Task.objects.filter(deal=deal, done_at=None):
        task.delete()
    office.step(deal, "Узнать время", hours=1)
    page = online(open_page(card(deal), person=office.cast.owner))
    assert page.locator(".v-next").evaluate("box => box.clientWidth / box.parentElement.clientWidth") > 0.8
    page.locator(".v-next").get_by_role("link", name="Готово").click()
    dialog = page.locator("#done-dialog")
    dialog.locator("[name=result]").fill("Хотят в 16:00")
    dialog.locator("[name=text]").fill("Подтвердить бронь")
    dialog.get_by_role("button", name="Готово").click()
    expect(page.locator(".v-next")).to_contain_text("Подтвердить бронь")
    expect(page.locator(".v-ev", has_text="Хотят в 16:00")).to_be_visible()
    page.locator(".v-next").get_by_role("link", name="Перенести").click()
    page.locator("#putoff-dialog [name=when]").select_option("week")
    page.locator("#putoff-dialog button[type=submit]").click()
    expect(page.locator("#putoff-dialog")).to_have_count(0)
    expect(page.locator(".v-ev", has_text="перенесла")).to_be_visible()


def test_the_stage_bar_moves_with_the_same_guards(office: Office, open_page) -> None:
    deal = office.deal()
    page = online(open_page(card(deal), person=office.cast.owner))
    page.locator(".v-stages").get_by_role("button", name=re.compile("Подобрали игру")).click()
    expect(page.locator(".v-stages [aria-current=step]")).to_contain_text("Подобрали игру")
    page.locator(".v-stages").get_by_role("button", name=re.compile("Бронь")).click()
    expect(page.locator("#move-dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Отказ…").click()
    page.locator("#move-dialog [name=loss_reason]").select_option(index=1)
    page.locator("#move-dialog button[type=submit]").click()
    expect(page.locator(".v-lost-why")).to_be_visible()
    assert Deal.objects.get(pk=deal.pk).stage == office.stage("lost")


def test_a_deal_is_taken_and_handed_over_in_its_card(office: Office, open_page) -> None:
    deal = office.inquiry()
    page = online(open_page(card(deal), person=office.cast.head))
    page.get_by_role("button", name="Взять").click()
    expect(page.locator(".v-ev", has_text="взял за")).to_be_visible()
    page.get_by_role("link", name="Изменить").click()
    page.locator("#responsible-dialog [name=person]").select_option(label="Мария Тен")
    page.locator("#responsible-dialog button[type=submit]").click()
    expect(page.locator("#card-side")).to_contain_text("Мария Тен")
    assert Deal.objects.get(pk=deal.pk).responsible == office.cast.owner


def test_unread_is_cleared_by_the_responsible_only(office: Office, open_page) -> None:
    deal = office.deal()
    Deal.objects.filter(pk=deal.pk).update(is_unread=True)
    looked = open_page(card(deal), person=office.cast.partner)
    looked.wait_for_timeout(500)
    assert Deal.objects.get(pk=deal.pk).is_unread
    board = online(open_page(BOARD, person=office.cast.partner))
    expect(board.locator(f"#tile-{deal.pk} .v-unread")).to_be_visible()
    open_page(card(deal), person=office.cast.owner)
    expect(board.locator(f"#tile-{deal.pk} .v-unread")).to_have_count(0, timeout=3000)


def test_goods_are_added_and_taken_out(office: Office, open_page) -> None:
    """MO-4: the amount follows the lines."""
    deal = office.deal()
    page = online(open_page(card(deal), person=office.cast.owner))
    page.locator("#card-right").get_by_role("link", name="Добавить").click()
    page.locator("#line-dialog [name=product]").select_option(index=1)
    page.locator("#line-dialog button[type=submit]").click()
    expect(page.locator(".v-line-row")).to_have_count(1)
    expect(page.locator("#card-head .v-card-sum")).to_be_visible()
    assert Deal.objects.get(pk=deal.pk).amount > 0
    page.locator(".v-line-row button").click()
    expect(page.locator(".v-line-row")).to_have_count(0)
    assert Deal.objects.get(pk=deal.pk).amount == 0


def test_older_history_loads_above(office: Office, open_page) -> None:
    deal = office.deal()
    for number in range(70):
        add_note(deal.pk, by=office.cast.owner.actor, text=f"Заметка {number:02d}")
    page = open_page(card(deal), person=office.cast.owner)
    expect(page.locator(".v-note", has_text="Заметка 69")).to_be_in_viewport()
    assert page.locator(".v-note").count() == 30
    flow = page.locator("[data-flow]")
    for _ in range(3):
        flow.evaluate("flow => flow.scrollTo(0, 0)")
        page.wait_for_timeout(500)
    expect(page.locator(".v-note")).to_have_count(70)
    shown = page.locator("[data-event]").evaluate_all("all => all.map(e => Number(e.dataset.event))")
    assert shown == sorted(shown)
    page.locator("#card-flow").get_by_role("link", name="Задачи").click()
    expect(page.locator(".v-note")).to_have_count(0)


def test_one_who_only_reads_cannot_change(office: Office, open_page) -> None:
    """PR-11: after the hand-over the sales manager keeps reading."""
    deal = office.deal(stage="picked")
    move_deal(deal.pk, by=office.cast.owner.actor, to=office.stage("booked"), values=office.booked())
    moved = Deal.objects.get(pk=deal.pk)
    assert moved.responsible == office.cast.administrator
    page = open_page(card(deal), person=office.cast.owner)
    expect(page.locator("h1").last).to_contain_text("Ирина Соколова")
    expect(page.locator("[data-field]")).to_have_count(0)
    expect(page.get_by_role("button", name="Отказ…")).to_have_count(0)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_card_is_accessible(office: Office, open_page, dark: bool) -> None:
    deal = office.deal(stage="picked")
    office.step(deal)
    add_note(deal.pk, by=office.cast.owner.actor, text="Аллергия на орехи")
    page = open_page(card(deal), person=office.cast.owner, dark=dark)
    assert axe_faults(page) == []
    over = open_page(BOARD, person=office.cast.owner, dark=dark)
    over.locator(f"#tile-{deal.pk} .v-t2").click()
    expect(over.locator("#card h1")).to_be_visible()
    assert axe_faults(over) == []
    over.locator(".v-next").get_by_role("link", name="Готово").click()
    expect(over.locator("#done-dialog")).to_be_visible()
    assert axe_faults(over) == []


@pytest.mark.parametrize("size", [DESKTOP, TABLET, PHONE], ids=["1440", "1024", "390"])
def test_nothing_overflows_the_card(office: Office, open_page, size) -> None:
    deal = office.deal("Оченьдлинноеимябезпробеловкотороенекуданевлезает")
    add_note(deal.pk, by=office.cast.owner.actor, text="https://example.com/" + "a" * 300)
    page = open_page(card(deal), person=office.cast.owner, size=size)
    assert overflow(page) <= 0


def test_the_phone_shows_one_part_at_a_time(office: Office, open_page) -> None:
    deal = office.deal()
    page = open_page(card(deal), person=office.cast.owner, size=PHONE)
    expect(page.locator("#card-side")).not_to_be_visible()
    page.get_by_role("button", name="Поля").click()
    expect(page.locator("#card-side")).to_be_visible()
    expect(page.locator("#card-flow")).not_to_be_visible()
    page.get_by_role("button", name="Лента").click()
    expect(page.locator("#composer")).to_be_in_viewport()


def test_files_are_kept_with_a_note_and_guarded(office: Office, open_page, tmp_path) -> None:
    """A picture is shown, anything else is downloaded, a stranger gets nothing, a page never runs."""
    deal = office.deal()
    page = online(open_page(card(deal), person=office.cast.owner))
    picture = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
        "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
        "0000000049454e44ae426082"
    )
    (tmp_path / "план зала.png").write_bytes(picture)
    (tmp_path / "page.html").write_text("<script>alert(1)</script>")
    page.locator("input[data-files]").set_input_files([tmp_path / "план зала.png", tmp_path / "page.html"])
    expect(page.locator("[data-file-list]")).to_contain_text("план зала.png")
    page.get_by_role("button", name="Записать").click()
    expect(page.locator(".v-file")).to_have_count(2)
    addresses = page.locator(".v-file").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    shown, downloaded = (page.request.get(address) for address in addresses)
    assert shown.headers["content-type"] == "image/png"
    assert downloaded.headers["content-disposition"].startswith("attachment")
    assert downloaded.headers["content-type"] == "application/octet-stream"
    assert downloaded.headers["x-content-type-options"] == "nosniff"
    stranger = open_page("/board", person=office.cast.stranger)
    assert stranger.request.get(addresses[0]).status == 404
    other = office.deal("Другая")
    assert page.request.get(addresses[0].replace(f"/{deal.pk}/", f"/{other.pk}/")).status == 404


def test_a_card_is_not_left_without_a_next_step_where_one_is_required(office: Office, open_page) -> None:
    """By its cross, by Back and by closing the browser; with a step it closes as any other."""
    Funnel.objects.filter(key="first").update(next_step_required=True)
    deal = office.deal()
    for step in deal.tasks.filter(done_at=None):
        complete_task(step.pk, by=office.cast.owner.actor, result="Сделано")
    page = open_page(BOARD, person=office.cast.owner)
    page.locator(f"#tile-{deal.pk} .v-t2").click()
    panel, dialog = page.locator("#card"), page.locator("#dialogs dialog")
    expect(panel.locator("[data-needs-step]")).to_be_attached()
    panel.get_by_role("button", name="Закрыть").first.click()
    expect(dialog).to_contain_text("Без следующего шага")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.go_back()
    expect(dialog).to_contain_text("Без следующего шага")
    expect(page).to_have_url(re.compile(rf"/deals/{deal.pk}$"))
    asked = page.evaluate("() => !dispatchEvent(new Event('beforeunload', {cancelable: true}))")
    assert asked, "closing the browser asks, too"
    dialog.get_by_label("Что сделать").fill("Позвонить завтра")
    dialog.get_by_role("button", name="Запланировать").click()
    expect(panel.locator(".v-next")).to_contain_text("Позвонить завтра")
    expect(panel.locator("[data-needs-step]")).to_have_count(0)
    panel.get_by_role("button", name="Закрыть").first.click()
    expect(panel).not_to_be_visible()
    expect(page).to_have_url(re.compile(r"/board\?funnel=first$"))
