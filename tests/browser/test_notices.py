"""The bell on every open device, and what the service worker makes of a push."""

import json

import pytest
from django.db import transaction
from playwright.sync_api import expect

from voronka.notices.actions import mark_all_read, notify
from voronka.notices.models import Notice
from voronka.testing.browser import DESKTOP, PHONE, TABLET, axe_faults, overflow

pytestmark = pytest.mark.browser


def tell(person, key="untaken:7", **changed):
    facts = {"kind": "untaken", "title": "Никто не взял заявку", "url": "/profile", "urgent": True, **changed}
    with transaction.atomic():
        notify([person], key=key, **facts)


def online(page):
    expect(page.locator("#live")).not_to_have_class("v-live is-wait")
    return page


def test_the_bell_rings_on_every_device_of_the_person_and_on_no_other(cast, open_page):
    desk, pocket = (online(open_page("/profile", person=cast.owner, size=size)) for size in (DESKTOP, TABLET))
    other = online(open_page("/profile", person=cast.colleague))
    tell(cast.owner)
    for page in (desk, pocket):
        expect(page.locator("#bell-count .v-count")).to_have_text("1")
    expect(other.locator("#bell-count .v-count")).to_have_count(0)
    desk.locator(".v-bell").click()
    desk.locator("#bell-menu").get_by_role("button", name="Прочитать все").click()
    expect(pocket.locator("#bell-count .v-count")).to_have_count(0)
    expect(desk.locator("#bell-count .v-count")).to_have_count(0)


def test_a_notice_leads_to_its_place_and_is_read(cast, open_page):
    tell(cast.owner, url="/profile")
    page = online(open_page("/notices", person=cast.owner))
    expect(page.locator(".v-nt.is-new")).to_have_count(1)
    page.locator(".v-bell").click()
    page.locator("#bell-menu .v-nt").click()
    page.wait_for_url("**/profile")
    assert Notice.objects.get().read_at
    expect(page.locator("#bell-count .v-count")).to_have_count(0)


def test_an_open_list_takes_a_new_notice_by_itself(cast, open_page):
    page = online(open_page("/notices", person=cast.owner))
    tell(cast.owner, title="Первая")
    expect(page.locator("#notices-list")).to_contain_text("Первая")
    tell(cast.owner, key="untaken:8", title="Вторая")
    expect(page.locator("#notices-list .v-nt")).to_have_count(2)
    expect(page.locator("#notices-list .v-nt").first).to_contain_text("Вторая")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_looks_at_three_widths(cast, open_page, dark):
    tell(cast.owner, body="Ждёт 5 минут: Анна с очень длинным рассказом о том, чего она хочет")
    tell(cast.owner, key="task:1", title="Задача передана вам", urgent=False)
    for size in (DESKTOP, TABLET, PHONE):
        page = open_page("/notices", person=cast.owner, size=size, dark=dark)
        assert overflow(page) <= 0
        page.locator(".v-bell").click()
        expect(page.locator("#bell-menu .v-nt")).to_have_count(2)
        assert axe_faults(page) == []


def test_a_push_shows_one_notification_though_it_comes_twice_and_two_tabs_are_open(cast, open_page):
    page = open_page("/profile", person=cast.owner, permissions=["notifications"])
    second = page.context.new_page()
    second.goto("/profile")
    push = pusher(page)
    told = {
        "v": 1,
        "id": "7b1e",
        "title": "Никто не взял заявку",
        "body": "Ждёт 5 минут",
        "tag": "t",
        "url": "/notices/1",
    }
    push(told)
    push(told)
    assert shown(page) == [["Никто не взял заявку", "Ждёт 5 минут", "/notices/1"]]
    push({**told, "id": "7b1f", "body": "Ждёт 10 минут"})
    assert shown(page) == [["Никто не взял заявку", "Ждёт 10 минут", "/notices/1"]]


def test_many_take_the_place_of_the_single_ones_and_what_is_read_elsewhere_leaves_the_screen(cast, open_page):
    for number in (1, 2, 3):
        tell(cast.owner, key=str(number), heading="Заявка ждёт")
    numbers = sorted(Notice.objects.values_list("pk", flat=True))
    page = online(open_page("/profile", person=cast.owner, permissions=["notifications"]))
    push, many = (
        pusher(page),
        {"id": "m", "title": "Заявка ждёт: 3", "tag": "g", "group": "g", "many": True, "of": numbers},
    )
    for number in numbers[:2]:
        push({"id": str(number), "title": f"№{number}", "tag": str(number), "group": "g", "of": [number]})
    push({"id": "o", "title": "Другое", "tag": "o", "group": "other", "of": [0]})
    assert len(shown(page)) == 3
    push(many)
    assert sorted(title for title, *_rest in shown(page)) == ["Другое", "Заявка ждёт: 3"]
    mark_all_read(cast.owner, by=cast.owner.actor)
    page.wait_for_function(
        "async () => !(await (await navigator.serviceWorker.ready).getNotifications()).length", timeout=8000
    )


def test_a_folded_line_of_many_stays_open_when_another_comes(cast, open_page):
    for number in range(3):
        tell(cast.owner, key=str(number), heading="Заявка ждёт")
    page = online(open_page("/notices", person=cast.owner, size=PHONE))
    line = page.locator("#notices-list summary")
    expect(line).to_contain_text("Заявка ждёт: 3")
    line.click()
    expect(page.locator("#notices-list a.v-nt")).to_have_count(3)
    tell(cast.owner, key="3", heading="Заявка ждёт")
    expect(line).to_contain_text("Заявка ждёт: 4")
    expect(page.locator("#notices-list a.v-nt").first).to_be_visible()


def pusher(page):
    """Deliver pushes to the page's service worker as the browser would."""
    page.evaluate("navigator.serviceWorker.ready")
    protocol = page.context.new_cdp_session(page)
    found: list[str] = []
    protocol.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: found.extend(one["registrationId"] for one in told["registrations"]),
    )
    protocol.send("ServiceWorker.enable")
    page.wait_for_timeout(300)
    origin = page.evaluate("location.origin")

    def push(payload: dict) -> None:
        facts = {"origin": origin, "registrationId": found[0], "data": json.dumps(payload)}
        protocol.send("ServiceWorker.deliverPushMessage", facts)
        page.wait_for_timeout(400)

    return push


def shown(page) -> list[list[str]]:
    return page.evaluate(
        """async () => (await (await navigator.serviceWorker.ready).getNotifications())
             .map((one) => [one.title, one.body, one.data.url])"""
    )
