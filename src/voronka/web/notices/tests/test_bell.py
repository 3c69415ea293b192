import re

import pytest
from django.db import transaction

from voronka.deals.actions import take_deal
from voronka.kernel.models import Event
from voronka.notices.actions import notify
from voronka.notices.models import Notice, PushSubscription
from voronka.testing.push_service import Browser

FCM = "https://fcm.googleapis.com/fcm/send/"


def tell(person, key="untaken:7", **changed):
    facts = {"kind": "untaken", "title": "Заявка ждёт", "url": "/deals/7", **changed}
    with transaction.atomic():
        notify([person], key=key, **facts)


@pytest.fixture
def browser(cast, as_person):
    return as_person(cast.owner)


def test_opening_reads_and_leads_on(cast, browser):
    tell(cast.owner)
    notice = Notice.objects.get()
    assert "1\u00a0непрочитанное" in browser.get("/notices").content.decode()
    assert browser.get(f"/notices/{notice.pk}")["Location"] == "/deals/7"
    assert Notice.objects.get().read_at
    assert browser.get(f"/notices/{notice.pk}")["Location"] == "/deals/7"


def test_looking_ahead_reads_nothing(cast, browser):
    tell(cast.owner)
    browser.head(f"/notices/{Notice.objects.get().pk}")
    assert Notice.objects.get().read_at is None


@pytest.mark.parametrize("who", ["partner", "head", "director", "stranger"])
def test_a_notice_is_for_one_person_alone(cast, as_person, who):
    tell(cast.owner, title="Тайное")
    browser = as_person(getattr(cast, who))
    assert browser.get(f"/notices/{Notice.objects.get().pk}").status_code == 404
    assert "Тайное" not in browser.get("/notices").content.decode()
    assert "Тайное" not in browser.get("/notices/menu").content.decode()
    browser.post("/notices/reading")
    assert Notice.objects.get().read_at is None


def test_the_number_on_the_bell(cast, browser):
    for number in range(3):
        tell(cast.owner, key=str(number))
    page = browser.get("/notices/count").content.decode()
    assert 'id="bell-count"' in page and ">3<" in page
    browser.post("/notices/reading")
    assert ">3<" not in browser.get("/notices/count").content.decode()


def test_reading_all_from_the_menu_answers_the_menu(cast, browser):
    tell(cast.owner)
    headers = {"HX-Request": "true", "HX-Target": "bell-menu"}
    page = browser.post("/notices/reading", headers=headers).content.decode()
    assert "v-notices" in page and "is-new" not in page
    assert browser.post("/notices/reading")["Location"] == "/notices"


def test_the_list_goes_on_by_pages(cast, browser, clock):
    for number in range(35):
        clock.advance(seconds=1)
        tell(cast.owner, key=str(number), title=f"№{number}.")
    page = browser.get("/notices").content.decode()
    assert "№34." in page and "№4." not in page
    following = re.search(r'hx-get="(/notices\?[^"]+)"', page).group(1).replace("&amp;", "&")
    rest = browser.get(following, headers={"HX-Request": "true"}).content.decode()
    assert "№4." in rest and "№0." in rest and "№5." not in rest and "<html" not in rest


@pytest.mark.parametrize("before", ["x", "~", "2026-01-01~1", "2026-01-01T00:00:00+00:00~x", "~" + "9" * 40])
def test_any_place_in_the_address_is_borne(cast, browser, before):
    assert browser.get("/notices", {"before": before}).status_code == 200


def test_the_bell_asks_once(cast, browser, django_assert_max_num_queries):
    for number in range(20):
        tell(cast.owner, key=str(number))
    with django_assert_max_num_queries(8):
        browser.get("/notices/menu")


def test_a_browser_subscribes_and_takes_it_back(cast, browser):
    fields = Browser(FCM + "1").fields
    key = browser.get("/push/key").json()["key"]
    assert browser.post("/push/subscriptions", fields).json() == {"key": key}
    assert PushSubscription.objects.get().person == cast.owner
    answer = browser.delete(
        "/push/subscriptions", f"endpoint={fields['endpoint']}", content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 204
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(
    "endpoint", ["http://fcm.googleapis.com/x", "https://10.0.0.1/x", "https://localhost:8000/x", ""]
)
def test_an_inner_address_is_refused(cast, browser, endpoint):
    answer = browser.post("/push/subscriptions", {**Browser(endpoint).fields})
    assert answer.status_code == 422
    assert "endpoint" in answer.json()["errors"]
    assert not PushSubscription.objects.exists()


def test_a_new_address_of_the_browser_takes_the_place_of_the_old_one(cast, browser):
    old, new = Browser(FCM + "old"), Browser(FCM + "new")
    browser.post("/push/subscriptions", old.fields)
    assert browser.post("/push/renewals", {**new.fields, "old": old.endpoint}).status_code == 201
    assert PushSubscription.objects.get().endpoint == new.endpoint


def test_who_does_not_know_the_old_address_renews_nothing(cast, browser, as_person):
    browser.post("/push/subscriptions", Browser(FCM + "old").fields)
    other = as_person(cast.stranger)
    facts = {**Browser(FCM + "evil").fields, "old": FCM + "old"}
    assert other.post("/push/renewals", facts).status_code == 404
    assert browser.post("/push/renewals", {**facts, "old": FCM + "guess"}).status_code == 404
    assert PushSubscription.objects.get().endpoint == FCM + "old"


def test_many_of_a_kind_are_one_line_that_unfolds(cast, browser):
    for number in range(5):
        tell(cast.owner, key=str(number), heading="Заявка ждёт")
    for address in ("/notices", "/notices/menu"):
        page = browser.get(address).content.decode()
        assert page.count("<details") == 1 and "Заявка ждёт: 5" in page
    assert "<details" in page and " open" not in page
    assert re.search(r"<details[^>]* open", browser.get("/notices?open").content.decode())


def test_a_device_asks_which_of_its_notices_are_still_unread(cast, browser, as_person):
    tell(cast.owner, key="a"), tell(cast.owner, key="b")
    first, second = Notice.objects.order_by("id").values_list("pk", flat=True)
    browser.get(f"/notices/{first}")
    asked = f"/notices/unread?ids={first},{second},x,{'9' * 30}"
    assert browser.get(asked).json() == {"unread": [second]}
    assert as_person(cast.partner).get(asked).json() == {"unread": []}


def test_an_inquiry_that_somebody_took_is_read_for_everybody(office, as_person):
    cast, deal, other = office.cast, office.inquiry("Лена"), office.inquiry("Пётр")
    Notice.objects.all().delete()
    with transaction.atomic():
        for about in (deal, other):
            people = [cast.owner, cast.partner, cast.head]
            notify(people, kind="urgent", key=f"late:{about.pk}", title="Никто не ответил", url=f"/deals/{about.pk}")
        notify([cast.head], kind="mention", key="note:1", title="Вас упомянули", url=f"/deals/{deal.pk}")
    take_deal(deal.pk, by=cast.owner.actor)
    left = sorted(Notice.objects.filter(read_at=None).values_list("key", flat=True))
    assert left == [f"late:{other.pk}"] * 3 + ["note:1"]
    told = Event.objects.filter(kind="notice.read").latest("id")
    assert told.audience == sorted(f"p:{one.pk}" for one in (cast.owner, cast.partner, cast.head)), (
        "live, on every device"
    )
