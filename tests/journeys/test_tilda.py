"""Tilda's webhook, in every shape that contract has (IN-1)."""

import json

import pytest

from voronka.clients.models import Identity
from voronka.deals.models import Deal
from voronka.intake.models import Entry
from voronka.kernel.models import Event

from .conftest import Post, form
from .senders import Tilda, cart


@pytest.fixture
def tilda(source):
    return source("tilda", title="Форма «Подобрать квест»", mapping={"Игроков": "deal.players"})


@pytest.fixture
def site(tilda, deliver):
    """The stand-in on the wire to our acceptor."""
    return Tilda(lambda body, kind: deliver(Post(tilda, body, kind))[0])


def test_the_check_is_answered_and_creates_nothing(site, drain):
    site.save_webhook()

    (entry,) = drain()
    assert (entry.account, entry.reason) == (Entry.Account.REJECTED, "проверка связи")
    assert not Deal.objects.exists()


def test_a_form_becomes_a_deal_with_all_that_it_brought(site, drain):
    site.submit(
        {
            "Name": "Иван",
            "Phone": "+7 (921) 338-40-17",
            "Игроков": "6",
            "Ваш повод": "День рождения",
            "Комментарий": "Нужен квест\nна субботу",
            "tranid": "77:88",
            "formid": "form1",
            "formname": "Запись",
            "referer": "https://site.example/podbor?utm_term=kvest",
            "COOKIES": "_ym_uid=16990000000001; TILDAUTM=utm_source%3Dyandex|||utm_medium%3Dcpc",
        }
    )

    (entry,) = drain()
    deal = Deal.objects.select_related("contact", "stage", "source").get()
    assert (entry.account, entry.deal) == (Entry.Account.DEAL, deal)
    assert (deal.contact.name, deal.title, deal.stage.title) == ("Иван", "Запись", "Неразобранное")
    assert Identity.objects.values_list("kind", "value").get() == ("phone", "+79213384017")
    assert deal.utm == {"source": "yandex", "medium": "cpc", "term": "kvest"}
    assert deal.first_touch["clicks"] == {"ym_uid": "16990000000001"}
    assert deal.first_touch["page"].startswith("https://site.example/podbor")
    assert (deal.source.title, deal.fields["players"]) == ("Форма «Подобрать квест»", 6)
    told = Event.objects.get(kind="inquiry.received").data
    assert told["text"] == "Нужен квест\nна субботу"
    assert told["answers"] == [["Ваш повод", "День рождения"]]


@pytest.mark.parametrize(
    "phone_field", ["Phone", "Телефон", "Ваш телефон", "tel", "phone_number", "Контактный телефон:"]
)
def test_names_of_fields_are_as_people_write_them(tilda, deliver, drain, phone_field):
    deliver(form(tilda, {"Имя": "Олег", phone_field: "8 921 338 40 17", "tranid": "1:1", "formname": ""}))

    (entry,) = drain()
    assert entry.account == Entry.Account.DEAL, entry.reason
    assert entry.parsed["phones"] == ["+79213384017"]
    assert entry.parsed["name"] == "Олег"


@pytest.mark.parametrize("shape", ["nested", "text", "brackets"])
def test_a_cart_in_each_of_three_shapes(tilda, deliver, drain, shape):
    deliver(Post(tilda, *cart(shape, "1777")))

    drain()
    deal = Deal.objects.get()
    assert deal.amount == 10500
    data = Event.objects.get(kind="inquiry.received").data
    assert [(line["name"], line["quantity"]) for line in data["lines"]] == [
        ("Квест «Шахта»", "2.000"),
        ("Торт", "1.000"),
    ]
    assert data["payment"] == {"order": "1777", "paid": False, "amount": "10500.00", "system": "tinkoff"}


def test_products_as_texts(tilda, deliver, drain):
    texts = ["Квест «Шахта» x 2 = 9000", "Торт = 1500", ""]
    deliver(Post(tilda, *cart("brackets", "1778", products=texts)))

    (entry,) = drain()
    assert [line["name"] for line in entry.parsed["lines"]][:2] == ["Квест «Шахта»", "Торт = 1500"]


@pytest.mark.parametrize("shape", ["nested", "text", "brackets"])
def test_the_payment_of_an_order_joins_its_deal(tilda, deliver, drain, shape):
    deliver(Post(tilda, *cart(shape, "42")))
    drain()
    deliver(Post(tilda, *cart(shape, "42", paid=True)))
    drain()
    deliver(Post(tilda, *cart(shape, "42", paid=True)))
    drain()

    deal = Deal.objects.get()
    accounts = list(Entry.objects.order_by("pk").values_list("account", flat=True))
    assert accounts == ["deal", "attached", "duplicate"]
    (attached,) = Event.objects.filter(kind="inquiry.attached")
    assert attached.deal_id == deal.pk
    assert attached.data["payment"]["paid"] is True
    assert "42" in attached.data["text"] and "10500" in attached.data["text"]


def test_a_payment_that_overtakes_its_order(tilda, deliver, drain):
    deliver(Post(tilda, *cart("text", "43", paid=True)))
    deliver(Post(tilda, *cart("text", "43")))
    drain()

    assert Deal.objects.count() == 1
    late = Entry.objects.order_by("pk").last()
    assert (late.account, late.duplicate_of.account) == ("duplicate", "deal")


def test_a_paid_order_of_another_client_is_not_mixed_up(tilda, deliver, drain):
    deliver(
        Post(tilda, *cart("text", "1", phone="+79210000001")), Post(tilda, *cart("text", "2", phone="+79210000002"))
    )
    deliver(Post(tilda, *cart("text", "2", paid=True, phone="+79210000002")))
    drain()

    assert Deal.objects.count() == 2
    paid = Event.objects.get(kind="inquiry.attached")
    assert Deal.objects.get(pk=paid.deal_id).contact.identities.get().value == "+79210000002"


def test_one_delivery_over_two_connections_at_once_is_one_inquiry(tilda, deliver, drain):
    post = form(tilda, {"Name": "Иван", "Phone": "+79213384017", "tranid": "5:5"})
    answers = deliver(*[post] * 8)
    drain()

    assert {answer.status_code for answer in answers} == {200}
    assert Deal.objects.count() == 1
    accounts = sorted(Entry.objects.values_list("account", flat=True))
    assert accounts == ["deal"] + ["duplicate"] * 7
    first = Entry.objects.get(account="deal")
    assert set(Entry.objects.filter(account="duplicate").values_list("duplicate_of", flat=True)) == {first.pk}


def test_tilda_tries_again_and_still_makes_one_deal(tilda, deliver, drain):
    """The answer of the first try is lost on the way: kept, but Tilda does not know."""
    lost = [True, True, False]

    def wire(body, kind):
        (answer,) = deliver(Post(tilda, body, kind))
        if lost.pop(0):
            answer.status_code = 500
        return answer

    site = Tilda(wire)
    assert site.submit({"Name": "Иван", "Phone": "+79213384017", "tranid": "6:6"})
    drain()

    assert site.tries == [500, 500, 200]
    assert Deal.objects.count() == 1
    assert Entry.objects.filter(account="duplicate").count() == 2


def test_a_retry_without_tranid_is_recognised_by_its_bytes(tilda, deliver, drain):
    post = form(tilda, {"Name": "Иван", "Phone": "+79213384017"})
    deliver(post)
    deliver(post)
    drain()

    assert sorted(Entry.objects.values_list("account", flat=True)) == ["deal", "duplicate"]


def test_a_body_of_300_kilobytes(tilda, deliver, drain):
    deliver(form(tilda, {"Phone": "+79213384017", "Комментарий": "ы" * 50_000, "tranid": "7:7"}))

    (entry,) = drain()
    assert len(bytes(entry.body)) > 290_000
    assert entry.account == Entry.Account.DEAL


def test_json_under_a_forms_content_type(tilda, deliver, drain):
    body = json.dumps({"Name": "Иван", "Phone": "+79213384017", "tranid": "8:8"})
    deliver(Post(tilda, body, "application/x-www-form-urlencoded"))

    (entry,) = drain()
    assert entry.account == Entry.Account.DEAL


def test_a_link_in_the_name_is_kept_but_flagged(tilda, deliver, drain):
    deliver(form(tilda, {"Name": "Win https://spam.example", "Phone": "+79213384017", "tranid": "9:9"}))
    drain()

    assert Event.objects.get(kind="inquiry.received").data["flags"] == ["link_in_name"]
