"""The board as people work on it: live, dragged, refused, asked, by keyboard, on a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from voronka.deals.actions import assign_deal, change_deal, create_deal
from voronka.deals.models import Deal
from voronka.testing.browser import DESKTOP, PHONE, TABLET, axe_faults, overflow
from voronka.testing.office import Office

pytestmark = pytest.mark.browser
BOARD = "/board?funnel=first"


def tile(page: Page, deal: Deal):
    return page.locator(f"#tile-{deal.pk}")


def column(page: Page, office: Office, key: str):
    return page.locator(f"#stage-{office.stage(key).pk}")


def drag(page: Page, what, to) -> None:
    """Lift a tile and drop it on a column, as a hand does it."""
    start, end = what.bounding_box(), to.bounding_box()
    page.mouse.move(start["x"] + 60, start["y"] + 40)
    page.mouse.down()
    page.mouse.move(start["x"] + 75, start["y"] + 50, steps=4)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 160, steps=12)
    page.wait_for_timeout(120)
    page.mouse.up()


def online(page: Page) -> Page:
    expect(page.locator("#live")).not_to_have_class("is-wait")
    expect(page.locator("#live:not(.is-wait):not(.is-off)")).to_be_attached()
    return page


def test_an_inquiry_appears_on_another_persons_board(office: Office, open_page) -> None:
    """WP-8, IN-2: within a second, in the queue, with its clock ticking."""
    page = online(open_page(BOARD, person=office.cast.colleague))
    stranger = online(open_page(BOARD, person=office.cast.stranger))
    deal = office.inquiry("Лена Котова")
    queue = column(page, office, "unsorted")
    expect(queue.locator(f"#tile-{deal.pk}")).to_contain_text("Лена Котова", timeout=3000)
    expect(queue.locator(".v-n").first).to_have_text("1")
    expect(tile(page, deal).locator(".v-clock")).to_have_text(re.compile(r"4:\d\d"))
    stranger.wait_for_timeout(500)
    expect(tile(stranger, deal)).to_have_count(0)


def test_two_people_take_at_once(office: Office, open_page) -> None:
    """IN-3: one wins, the other is told who; both boards agree."""
    deal = office.inquiry()
    first = online(open_page(BOARD, person=office.cast.owner))
    second = online(open_page(BOARD, person=office.cast.colleague))
    # the second one clicks what he still sees, although it is taken already
    held = {"on": True}
    second.route("**/tile**", lambda route: route.abort() if held["on"] else route.continue_())
    tile(first, deal).locator("[data-take]").click()
    expect(column(first, office, "taken").locator(f"#tile-{deal.pk}")).to_be_visible()
    tile(second, deal).locator("[data-take]").click()
    expect(second.locator("#toasts")).to_contain_text("Мария Тен")
    held["on"] = False
    assert Deal.objects.get(pk=deal.pk).responsible == office.cast.owner


def test_a_drag_moves_the_deal_and_can_be_taken_back(office: Office, open_page) -> None:
    deal = office.deal()
    page = online(open_page(BOARD, person=office.cast.owner))
    other = online(open_page(BOARD, person=office.cast.partner))
    drag(page, tile(page, deal), column(page, office, "picked"))
    expect(column(page, office, "picked").locator(f"#tile-{deal.pk}")).to_be_visible()
    expect(page.locator("#toasts")).to_contain_text("Подобрали игру")
    expect(column(page, office, "picked").locator(".v-name .v-n")).to_have_text("1")
    expect(column(other, office, "picked").locator(f"#tile-{deal.pk}")).to_be_visible(timeout=3000)
    page.locator("#toasts .v-toast button").first.click()
    expect(column(page, office, "taken").locator(f"#tile-{deal.pk}")).to_be_visible()
    assert Deal.objects.get(pk=deal.pk).stage == office.stage("taken")


def test_the_heads_tell_before_the_drop(office: Office, open_page) -> None:
    deal = office.deal(stage="picked")
    page = open_page(BOARD, person=office.cast.owner)
    box = tile(page, deal).bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 100, box["y"] + 80, steps=6)
    expect(column(page, office, "booked").locator("[data-hint]")).to_contain_text("время")
    page.mouse.up()


def test_a_forbidden_move_comes_back_with_the_reason(office: Office, open_page) -> None:
    """PR-3: the rule is told on the tile until the next click."""
    office.funnel.only_forward = True
    office.funnel.save()
    deal = office.deal(stage="picked")
    page = open_page(BOARD, person=office.cast.owner)
    drag(page, tile(page, deal), column(page, office, "taken"))
    why = tile(page, deal).locator(".v-why")
    expect(why).to_contain_text("только вперёд")
    expect(column(page, office, "picked").locator(f"#tile-{deal.pk}")).to_be_visible()
    page.mouse.click(5, 500)
    expect(why).to_have_count(0)
    assert Deal.objects.get(pk=deal.pk).stage == office.stage("picked")


def test_a_move_asks_for_what_is_missing(office: Office, open_page) -> None:
    """PR-5: one dialog with just those fields; wrong values stay typed beside their error."""
    deal = office.deal(stage="picked")
    page = online(open_page(BOARD, person=office.cast.owner))
    drag(page, tile(page, deal), column(page, office, "booked"))
    dialog = page.locator("#move-dialog")
    expect(dialog).to_be_visible()
    expect(dialog.locator("input:not([type=hidden]), select")).to_have_count(4)
    dialog.locator("[name=game_date]").fill("2026-12-05")
    dialog.locator("[name=programme]").select_option(label="Шерлок")
    dialog.get_by_role("button", name="Подтвердить").click()
    expect(dialog.locator(".v-err").first).to_be_visible()
    expect(dialog.locator("[name=game_date]")).to_have_value("2026-12-05")
    dialog.locator("[name=game_time]").fill("16:00")
    dialog.locator("[name=location]").select_option(label=office.cast.location.name)
    dialog.get_by_role("button", name="Подтвердить").click()
    expect(dialog).to_have_count(0)
    expect(column(page, office, "booked").locator(f"#tile-{deal.pk}")).to_be_visible()
    moved = Deal.objects.get(pk=deal.pk)
    assert moved.stage == office.stage("booked")
    assert moved.fields["game_time"] == "16:00"


def test_the_dialog_can_be_put_back(office: Office, open_page) -> None:
    deal = office.deal(stage="picked")
    page = open_page(BOARD, person=office.cast.owner)
    drag(page, tile(page, deal), column(page, office, "booked"))
    page.get_by_role("button", name="Вернуть на место").click()
    expect(column(page, office, "picked").locator(f"#tile-{deal.pk}")).to_be_visible()
    assert Deal.objects.get(pk=deal.pk).stage == office.stage("picked")


def test_a_loss_needs_its_reason(office: Office, open_page) -> None:
    """PR-5: from the funnel's own list; «другое» needs a comment."""
    deal = office.deal()
    page = online(open_page(BOARD, person=office.cast.owner))
    drag(page, tile(page, deal), column(page, office, "lost"))
    dialog = page.locator("#move-dialog")
    other = office.funnel.loss_reasons.get(comment_required=True)
    dialog.locator("[name=loss_reason]").select_option(other.key)
    dialog.locator("button[type=submit]").click()
    expect(dialog.locator(".v-err")).to_be_visible()
    dialog.locator("[name=loss_comment]").fill("Уехали из города")
    dialog.locator("button[type=submit]").click()
    expect(tile(page, deal)).to_have_count(0)
    lost = Deal.objects.get(pk=deal.pk)
    assert (lost.stage.meaning, lost.loss_reason, lost.loss_comment) == ("lost", other, "Уехали из города")
    expect(column(page, office, "lost")).to_contain_text("1")


def test_a_deal_is_moved_by_keyboard(office: Office, open_page) -> None:
    """In hand by Space, carried by arrows, told at each step; Escape puts it back, Space down."""
    deal = office.deal()
    page = online(open_page(BOARD, person=office.cast.owner))
    said = page.locator("#board-said")
    tile(page, deal).focus()
    page.keyboard.press("Space")
    expect(said).to_contain_text("в руке")
    page.keyboard.press("ArrowRight")
    expect(said).to_contain_text("Подобрали игру")
    expect(column(page, office, "picked")).to_have_class(re.compile("is-target"))
    page.keyboard.press("Escape")
    expect(said).to_have_text("Возвращено на место")
    expect(tile(page, deal)).to_be_focused()
    assert Deal.objects.get(pk=deal.pk).stage == office.stage("taken")
    for key in ("Space", "ArrowRight", "Space"):
        page.keyboard.press(key)
    expect(column(page, office, "picked").locator(f"#tile-{deal.pk}")).to_be_focused()
    expect(said).to_contain_text("Перенесено: Подобрали игру")
    assert Deal.objects.get(pk=deal.pk).stage == office.stage("picked")
    page.keyboard.press("Alt+ArrowLeft")
    expect(column(page, office, "taken").locator(f"#tile-{deal.pk}")).to_be_focused()


def test_escape_lets_go_of_a_dragged_tile(office: Office, open_page) -> None:
    deal = office.deal()
    page = open_page(BOARD, person=office.cast.owner)
    start, end = tile(page, deal).bounding_box(), column(page, office, "picked").bounding_box()
    page.mouse.move(start["x"] + 60, start["y"] + 40)
    page.mouse.down()
    page.mouse.move(end["x"] + 90, end["y"] + 160, steps=8)
    expect(column(page, office, "picked").locator(".v-slot")).to_contain_text("Встанет сюда")
    page.keyboard.press("Escape")
    expect(page.locator(".v-slot, .v-tile.is-drag")).to_have_count(0)
    page.mouse.up()
    expect(column(page, office, "taken").locator(f"#tile-{deal.pk}")).to_be_visible()
    expect(page.locator("#card[open]")).to_have_count(0)
    assert Deal.objects.get(pk=deal.pk).stage == office.stage("taken")


def test_a_finger_takes_a_tile_that_it_holds(office: Office, open_page) -> None:
    """Held it comes into the hand, and at the edge of a phone the next stage comes to it."""
    deal = office.deal()
    page = open_page(BOARD, person=office.cast.owner, size=PHONE, has_touch=True)
    page.locator('[data-stage-nav] [data-step="1"]').click()
    expect(tile(page, deal)).to_be_in_viewport()
    page.wait_for_timeout(700)
    box = tile(page, deal).bounding_box()
    x, y = box["x"] + 120, box["y"] + 30
    fingers = page.context.new_cdp_session(page)

    def touch(kind: str, *at: tuple[float, float]) -> None:
        points = [{"x": left, "y": top} for left, top in at]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", (x, y))
    expect(page.locator(".v-tile.is-drag")).to_be_visible()
    touch("touchMove", (384, y + 60))
    expect(column(page, office, "picked")).to_have_class(re.compile("is-target"))
    touch("touchEnd")
    expect(column(page, office, "picked").locator(f"#tile-{deal.pk}")).to_be_visible()
    expect(page.locator("#toasts")).to_contain_text("Подобрали игру")


def test_a_tile_is_changed_where_it_stands(office: Office, open_page) -> None:
    """By keyboard alone; a colleague's change does not take what is typed; «Return» puts all of it back."""
    deal = office.deal()
    page = online(open_page(BOARD, person=office.cast.owner))
    tile(page, deal).focus()
    page.keyboard.press("e")
    form = tile(page, deal).locator("form")
    expect(form.get_by_label("Тема")).to_be_focused()
    assert axe_faults(page) == []
    form.get_by_label("Сумма, ₽").fill("много")
    change_deal(deal.pk, by=office.cast.partner.actor, values={"title": "Выпускной"})
    expect(form).to_contain_text("Сделку тем временем изменили")
    page.keyboard.press("Enter")
    expect(form.locator(".v-err")).to_be_visible()
    expect(form.get_by_label("Сумма, ₽")).to_have_value("много")
    form.get_by_label("Сумма, ₽").fill("12 500")
    form.get_by_label("Теги через запятую").fill("VIP")
    page.keyboard.press("Enter")
    expect(form).to_have_count(0)
    expect(tile(page, deal)).to_be_focused()
    expect(tile(page, deal)).to_contain_text("12\xa0500")
    expect(tile(page, deal)).to_contain_text("VIP")
    changed = Deal.objects.get(pk=deal.pk)
    assert (changed.amount, changed.title) == (12500, "Выпускной")
    page.locator("#toasts .v-toast button").first.click()
    expect(tile(page, deal)).not_to_contain_text("12\xa0500")
    assert Deal.objects.get(pk=deal.pk).tags == []
    tile(page, deal).hover()
    tile(page, deal).locator("[data-quick-open]").click()
    expect(form).to_be_visible()
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    expect(page.locator("#card[open]")).to_have_count(0)


def test_a_drop_into_another_lane_hands_the_deal_over(office: Office, open_page) -> None:
    cast = office.cast
    deal, other = office.deal("Ирина Соколова"), office.deal("Павел Рыбаков", by=cast.colleague)
    page = online(open_page(f"{BOARD}&lanes=responsible", person=cast.head))
    mine, theirs = (page.locator(f"#lane-{person.pk}") for person in (cast.owner, cast.colleague))
    expect(mine.locator(f"#tile-{deal.pk}")).to_be_visible()
    assert axe_faults(page) == []
    cell = theirs.locator(f'[data-column="{office.stage("taken").pk}"]')
    tile(page, deal).scroll_into_view_if_needed()
    start, end = tile(page, deal).bounding_box(), cell.bounding_box()
    page.mouse.move(start["x"] + 60, start["y"] + 40)
    page.mouse.down()
    page.mouse.move(end["x"] + 90, end["y"] + 30, steps=12)
    page.wait_for_timeout(120)
    page.mouse.up()
    expect(theirs.locator(f"#tile-{deal.pk}")).to_be_visible()
    expect(theirs.locator(".v-lane-h")).to_contain_text("2 сделки")
    assert Deal.objects.get(pk=deal.pk).responsible == cast.colleague
    page.locator("#toasts .v-toast button").first.click()
    expect(mine.locator(f"#tile-{deal.pk}")).to_be_visible()
    assign_deal(other.pk, by=cast.head.actor, to=cast.owner)
    expect(mine.locator(f"#tile-{other.pk}")).to_be_visible()
    with page.expect_response("**/board/lanes/**"):
        mine.locator("[data-lane-shut]").click()
    expect(tile(page, deal)).to_be_hidden()
    page.reload()
    expect(page.locator(f"#lane-{cast.owner.pk} [data-lane-shut]")).to_have_attribute("aria-expanded", "false")
    phone = open_page(f"{BOARD}&lanes=responsible", person=cast.colleague, size=PHONE)
    assert overflow(phone) <= 0
    phone.locator("[data-lane-nav]").select_option(str(cast.colleague.pk))
    expect(phone.locator(f"#lane-{cast.colleague.pk} .v-lane-c").first).to_be_visible()


def test_a_column_is_chosen_whole(office: Office, open_page) -> None:
    """Also what is not loaded, with how many; Shift takes a range."""
    for number in range(42):
        office.deal(f"Клиент {number:02d}")
    page = open_page(BOARD, person=office.cast.owner)
    page.get_by_role("button", name="Выбрать", exact=True).click()
    taken = column(page, office, "taken")
    taken.locator(".v-tile").nth(0).click()
    taken.locator(".v-tile").nth(3).click(modifiers=["Shift"])
    expect(page.locator("[data-bulk-count]")).to_have_text("4")
    taken.get_by_role("button", name="Выбрать все: 42 сделки").click()
    expect(page.locator("[data-bulk-column]")).to_have_text("Взято в работу: 42 сделки")
    expect(taken.locator(".v-tile.is-picked")).to_have_count(40)
    page.locator('[data-bulk-kind="assign"]').click()
    page.get_by_label("Кому").select_option(label=office.cast.colleague.name)
    expect(page.get_by_role("button", name="Передать 42 сделки")).to_be_visible()


def test_a_walk_in_is_entered_in_seconds(office: Office, open_page) -> None:
    """IN-1: «+», name, phone, Enter."""
    page = online(open_page(BOARD, person=office.cast.owner))
    page.keyboard.press("n")
    page.locator("#id-name").fill("Вера Никитина")
    page.keyboard.press("Tab")
    page.keyboard.type("8 921 777-10-20")
    page.keyboard.press("Enter")
    expect(page.locator("#walkin-dialog")).to_have_count(0)
    expect(column(page, office, "taken")).to_contain_text("Вера Никитина")
    deal = Deal.objects.get(contact__name="Вера Никитина")
    assert deal.responsible == office.cast.owner
    assert deal.contact.identities.get().value == "+79217771020"


def test_a_wrong_phone_keeps_what_was_typed(office: Office, open_page) -> None:
    page = open_page(BOARD, person=office.cast.owner)
    page.keyboard.press("n")
    page.locator("#id-name").fill("Вера")
    page.locator("#id-phone").fill("12")
    page.keyboard.press("Enter")
    expect(page.locator("#id-phone-err")).to_be_visible()
    expect(page.locator("#id-name")).to_have_value("Вера")


def test_a_known_phone_is_told_while_it_is_typed(office: Office, open_page) -> None:
    deal = office.deal("Ирина Соколова")
    number = deal.contact.identities.get().value
    page = open_page(BOARD, person=office.cast.owner)
    page.keyboard.press("n")
    page.locator("#id-phone").press_sequentially(number)
    expect(page.locator("[hx-get$='clients/same']")).to_contain_text("Ирина Соколова")
    stranger = open_page(BOARD, person=office.cast.stranger)
    stranger.keyboard.press("n")
    stranger.locator("#id-phone").press_sequentially(number)
    stranger.wait_for_timeout(600)
    expect(stranger.locator("[hx-get$='clients/same']")).to_be_empty()


def test_a_long_column_pages_on_scroll(office: Office, open_page) -> None:
    """Count and sum come from the database, tiles by forty; the wheel turns it with a tile in the hand, too."""
    for number in range(45):
        contact = office.inquiry(f"Клиент {number:02d}").contact
        create_deal(
            by=office.cast.owner.actor,
            funnel=office.funnel,
            company=contact.company,
            contact=contact,
            responsible=office.cast.owner,
            brand=office.cast.brand,
        )
    page = open_page(BOARD, person=office.cast.owner)
    taken = column(page, office, "taken")
    expect(taken.locator(".v-name .v-n")).to_have_text("45")
    assert taken.locator(".v-tile").count() == 40
    body = taken.locator(".v-colm-b")
    box = taken.locator(".v-tile").nth(1).bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 70, box["y"] + 60, steps=4)
    page.mouse.wheel(0, 300)
    expect(page.locator(".v-hand")).to_be_visible()
    page.wait_for_function("body => body.scrollTop >= 300", arg=body.element_handle())
    page.keyboard.press("Escape")
    page.mouse.up()
    for _ in range(2):
        taken.locator(".v-colm-b").evaluate("body => body.scrollTo(0, body.scrollHeight)")
        page.wait_for_timeout(400)
    expect(taken.locator(".v-tile")).to_have_count(45)
    assert len(set(taken.locator(".v-tile").evaluate_all("tiles => tiles.map(t => t.id)"))) == 45


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_board_is_accessible(office: Office, open_page, dark: bool) -> None:
    office.inquiry()
    office.step(office.deal(stage="picked"))
    page = open_page(BOARD, person=office.cast.head, dark=dark)
    assert axe_faults(page) == []
    page.keyboard.press("n")
    expect(page.locator("#walkin-dialog")).to_be_visible()
    assert axe_faults(page) == []


@pytest.mark.parametrize("size", [DESKTOP, TABLET, PHONE], ids=["1440", "1024", "390"])
def test_nothing_overflows_the_board(office: Office, open_page, size) -> None:
    office.inquiry("Общество с ограниченной ответственностью «Длинное Название Без Конца»")
    office.deal("Оченьдлинноеимябезпробеловкотороенекуданевлезает")
    page = open_page(BOARD, person=office.cast.head, size=size)
    assert overflow(page) <= 0
    if size != PHONE:
        expect(page.locator("#board-bar").get_by_role("link", name="Список")).to_be_in_viewport(ratio=1)


def test_the_phone_shows_one_stage_at_a_time(office: Office, open_page) -> None:
    deal = office.deal()
    page = open_page(BOARD, person=office.cast.owner, size=PHONE)
    expect(tile(page, deal)).not_to_be_in_viewport()
    page.locator('[data-stage-nav] [data-step="1"]').click()
    expect(tile(page, deal)).to_be_in_viewport()
