"""Sites' own forms: the generic contract, the plain HTML form and our snippet."""

import json
from urllib.parse import quote, urlencode

import pytest

from voronka.clients.models import Company, Identity
from voronka.deals.models import Deal
from voronka.intake.actions import switch_source
from voronka.intake.models import Entry
from voronka.kernel.models import Attachment, Event

from .conftest import SYSTEM, Post, form

JSON = "application/json"


def post_json(source, body, **given) -> Post:
    return Post(source, json.dumps(body, ensure_ascii=False), JSON, **given)


def only_entry() -> Entry:
    return Entry.objects.get()


def test_the_contract_a_new_lead_and_its_repetition(source, deliver, drain):
    body = {"name": "Ирина", "phone": "+79213384017", "comment": "Квест на шестерых", "submission_id": "s-1"}
    site = source("json")
    (first,) = deliver(post_json(site, body))
    (second,) = deliver(post_json(site, body))
    drain()

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json() == {"ok": True, "lead_id": str(Deal.objects.get().entries.first().pk)}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"headers": (("Idempotency-Key", "abc"),)}, {"headers": (("Idempotency-Key", "abc"),)}),
        ({}, {}),
    ],
    ids=["named by a header", "same phone and text within two minutes"],
)
def test_what_makes_two_deliveries_one(source, deliver, drain, first, second):
    site, body = source("json"), {"phone": "89213384017", "message": "Перезвоните"}
    deliver(post_json(site, body, **first))
    deliver(post_json(site, body | {"phone": "+7 921 338-40-17"}, **second))

    assert sorted(Entry.objects.values_list("account", flat=True)) == ["duplicate", "waiting"]


def test_two_inquiries_with_ids_of_their_own_are_two(source, deliver, drain):
    site = source("json")
    deliver(*[post_json(site, {"phone": "89213384017", "submission_id": f"s-{n}"}) for n in range(2)])
    drain()

    assert sorted(Entry.objects.values_list("account", flat=True)) == ["attached", "deal"]


@pytest.mark.parametrize(
    "fields",
    [
        {"fio": "Ирина Соколова", "tel": "89213384017", "mail": "i@example.ru", "message": "Да"},
        {"имя": "Ирина Соколова", "телефон": "9213384017", "e-mail": "I@Example.ru", "комментарий": "Да"},
        {"first_name": "Соколова", "last_name": "Ирина", "phone_number": "7 921 338 40 17", "email": "i@example.ru",
         "text": "Да"},
        {"Ваше имя": "Ирина Соколова", "Phone": "+7(921)338-40-17", "Электронная почта": "i@example.ru",
         "Сообщение": "Да"},
        {"name": "Ирина Соколова +7 921 338-40-17", "email": "i@example.ru", "comment": "Да"},
        {"name": "8 (921) 338-40-17, Ирина Соколова", "phone": "", "email": "i@example.ru", "comment": "Да"},
    ],
)  # fmt: skip
def test_synonyms_and_a_phone_typed_into_the_name(source, deliver, drain, fields):
    deliver(form(source("form"), fields))
    drain()

    assert Company.objects.get().name == "Ирина Соколова"
    assert set(Identity.objects.values_list("value", flat=True)) == {"+79213384017", "i@example.ru"}
    assert Event.objects.get(kind="inquiry.received").data["text"] == "Да"


def test_marks_by_their_order_of_trust(source, deliver, drain):
    fields = {
        "phone": "89213384017",
        "utm_source": "vk",
        "yclid": "111",
        "page": "https://site.example/?utm_source=vk&utm_campaign=osen&gclid=222",
        "referrer": "https://other.example/?utm_source=yandex&utm_term=kvest",
        "_ym_uid": "333",
    }
    deliver(form(source("form"), fields))
    drain()

    deal = Deal.objects.get()
    assert deal.utm == {"source": "vk", "campaign": "osen"}
    assert deal.first_touch["clicks"] == {"yclid": "111", "gclid": "222", "ym_uid": "333"}


def test_neither_phone_nor_mail_is_told_at_once_and_kept(source, deliver, drain):
    site = source("json")
    body = {"name": "Ирина", "comment": "Перезвоните", "submission_id": "s-9"}
    (refused,) = deliver(post_json(site, body))
    assert refused.status_code == 422
    assert set(refused.json()["errors"]) == {"phone"}

    (wrong,) = deliver(post_json(site, body | {"phone": "123"}))
    assert wrong.json()["errors"]["phone"]

    (mended,) = deliver(post_json(site, body | {"phone": "89213384017"}))
    drain()
    assert mended.status_code == 201, "a corrected form must not count as a repetition of the refused one"
    assert Entry.objects.filter(account="deal").count() == 1
    assert sorted(Entry.objects.values_list("account", flat=True)) == ["deal", "failed", "rejected"]
    assert "123" in Entry.objects.get(account="rejected").reason


def test_a_file_hangs_on_the_deal(source, deliver, drain):
    body = (
        '--B\r\nContent-Disposition: form-data; name="phone"\r\n\r\n89213384017\r\n'
        '--B\r\nContent-Disposition: form-data; name="photo"; filename="../../эскиз.png"\r\n'
        "Content-Type: image/png\r\n\r\n\x89PNG\r\n--B--\r\n"
    )
    deliver(Post(source("form"), body, "multipart/form-data; boundary=B"))
    drain()

    attachment = Attachment.objects.get()
    assert (attachment.name, attachment.content_type, attachment.deal_id) == (
        "эскиз.png",
        "image/png",
        Deal.objects.get().pk,
    )
    assert "эскиз" not in attachment.file.name and ".." not in attachment.file.name
    assert Event.objects.get(kind="inquiry.received").data["files"] == [attachment.pk]


@pytest.mark.parametrize(
    "bait", [{"website": "https://spam.example"}, {"elapsed_ms": "120"}], ids=["hidden field", "faster than people"]
)
def test_a_robot_is_thanked_and_accounted_as_spam(source, deliver, drain, bait):
    (answer,) = deliver(form(source("form"), {"name": "Bot", "phone": "89213384017", **bait}))
    assert answer.status_code == 201

    drain()
    entry = only_entry()
    assert entry.account == Entry.Account.SPAM and entry.reason
    assert not Company.objects.exists()


def test_an_old_sites_code_page(source, deliver, drain):
    body = "name=" + quote("Пётр".encode("cp1251")) + "&phone=89213384017"
    deliver(Post(source("form"), body, "application/x-www-form-urlencoded; charset=windows-1251"))
    drain()

    assert Company.objects.get().name == "Пётр"


def test_a_browser_that_left_its_page_gets_one_back(source, deliver):
    headers = (("Sec-Fetch-Mode", "navigate"), ("Accept", "text/html"))
    site = source("form")
    thanked, refused = deliver(
        form(site, {"phone": "89213384017"}, headers=headers), form(site, {"name": "Ирина"}, headers=headers)
    )

    assert thanked.headers["content-type"].startswith("text/html") and "Спасибо" in thanked.text
    assert refused.status_code == 422 and "<h1>" in refused.text


# -- the door -------------------------------------------------------------------------------


def test_foreign_origins_by_the_sources_list(source, deliver):
    site = source("form", origins=["site.example/контакты"])
    ours, theirs = (("Origin", "https://site.example"),), (("Origin", "https://evil.example"),)
    answers = deliver(
        Post(site, method="OPTIONS", headers=ours),
        Post(site, method="OPTIONS", headers=theirs),
        form(site, {"phone": "89213384017"}, headers=ours),
        form(site, {"phone": "89213384018"}, headers=theirs),
    )

    assert [answer.status_code for answer in answers] == [204, 403, 201, 201]
    allowed = [answer.headers.get("access-control-allow-origin") for answer in answers]
    assert allowed == ["https://site.example", None, "https://site.example", None]


def test_limits_stop_and_account(source, deliver):
    site = source("form", per_address=3, per_source=5)
    mine = [form(site, {"phone": f"8921338{n:04d}"}) for n in range(4)]
    others = [form(site, {"phone": f"8921339{n:04d}"}, peer=f"203.0.113.{n}") for n in range(20, 23)]
    statuses = [answer.status_code for answer in deliver(*mine, *others)]

    assert statuses.count(429) == 2
    assert Entry.objects.filter(account="rejected", reason="лимит").count() == 2
    assert Entry.objects.count() == 7


def test_the_clients_address_behind_a_proxy_only_when_told(source, deliver, settings):
    forwarded = (("X-Forwarded-For", "198.51.100.7, 192.0.2.4"),)
    site = source("form")
    deliver(form(site, {"phone": "89213384017"}, headers=forwarded))
    settings.VORONKA_TRUSTED_PROXIES = 1
    deliver(form(site, {"phone": "89213384018"}, headers=forwarded))

    addresses = list(Entry.objects.order_by("pk").values_list("remote_address", flat=True))
    assert addresses == ["203.0.113.9", "192.0.2.4"]


def test_too_large_is_refused_and_its_head_is_kept(source, deliver):
    (answer,) = deliver(Post(source("form"), b"comment=" + b"x" * (2 * 1024 * 1024)))

    assert answer.status_code == 413
    entry = only_entry()
    assert (entry.account, len(bytes(entry.body))) == ("rejected", 64 * 1024)


def test_unknown_and_switched_off_sources(source, deliver, quests):
    site, off = source("form"), source("form")
    switch_source(off.pk, by=SYSTEM, active=False)
    site.key, known = "guessed-key", site.key
    answers = deliver(form(site, {"phone": "1"}), form(off, {"phone": "1"}), Post(off, method="GET", path="/form"))

    assert [answer.status_code for answer in answers] == [404, 410, 410]
    assert not Entry.objects.exists()
    site.key = known
    assert [answer.status_code for answer in deliver(Post(site, method="GET"), Post(site, path="/x"))] == [405, 404]


def test_secrets_are_not_kept(source, deliver, caplog):
    site = source("form")
    headers = (("Cookie", "sessionid=secret1"), ("Authorization", "Bearer secret2"), ("X-Api-Key", "secret3"))
    with caplog.at_level("DEBUG", logger="voronka"):
        deliver(form(site, {"phone": "89213384017"}, headers=headers))

    entry = only_entry()
    assert "secret" not in json.dumps(entry.headers)
    assert {"cookie", "authorization", "x-api-key"} <= set(entry.headers)
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("voronka")]
    assert site.key not in "\n".join(ours)


def test_the_snippet_and_the_hosted_form(source, deliver):
    site = source("form", title="Форма </script><b>")
    script, page = deliver(Post(site, method="GET", path="/form.js"), Post(site, method="GET", path="/form"))

    assert script.headers["content-type"].startswith("text/javascript")
    assert site.key in script.text and "__VORONKA__" not in script.text
    assert "<b>" not in page.text and "script-src 'self'" in page.headers["content-security-policy"]


def test_fields_of_the_address_count_too(source, deliver, drain):
    deliver(Post(source("form"), urlencode({"name": "Ирина"}), query=urlencode({"phone": "89213384017"})))
    drain()

    assert only_entry().account == Entry.Account.DEAL
