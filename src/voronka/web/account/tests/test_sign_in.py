import pytest
from django.conf import settings
from django.test import Client

from voronka.kernel.models import Event
from voronka.notices.models import PushSubscription
from voronka.notices.subscriptions import fingerprint
from voronka.testing.cast import PASSWORD
from voronka.testing.push_service import Browser

COOKIE = settings.SESSION_COOKIE_NAME


def sign_in(browser, person, **changed):
    facts = {"email": person.email, "password": PASSWORD, "remember": "on"}
    return browser.post("/sign-in", {**facts, **changed})


def test_in_and_out(cast, client):
    answer = sign_in(client, cast.owner)
    assert (answer.status_code, answer["Location"]) == (302, "/day")
    assert client.get("/sign-in")["Location"] == "/day"
    answer = client.post("/sign-out")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in")
    assert client.get("/")["Location"].startswith("/sign-in")
    kinds = set(Event.objects.values_list("kind", flat=True))
    assert {"person.signed_in", "person.signed_out"} <= kinds


def test_home_is_the_day(cast, as_person):
    assert as_person(cast.owner).get("/")["Location"] == "/day"


def test_the_session_gets_a_new_key(cast, client):
    session = client.session
    session["planted"] = True
    session.save()
    before = client.cookies[COOKIE].value
    sign_in(client, cast.owner)
    assert client.cookies[COOKIE].value != before


def test_without_remembering_the_session_ends_with_the_browser(cast, client):
    sign_in(client, cast.owner, remember="")
    assert client.cookies[COOKIE]["max-age"] == ""
    other = Client()
    sign_in(other, cast.owner)
    assert int(other.cookies[COOKIE]["max-age"]) == 30 * 24 * 3600


def test_a_wrong_password_keeps_what_was_typed_but_the_password(cast, client):
    answer = sign_in(client, cast.owner, password="wrong")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert cast.owner.email in page
    assert 'value="wrong"' not in page
    assert 'aria-invalid="true"' in page


@pytest.mark.parametrize("facts", [{"email": ""}, {"password": ""}, {"email": "a\0b"}, {"email": "x" * 300}])
def test_bad_input_is_told_beside_its_field(cast, client, facts):
    answer = sign_in(client, cast.owner, **facts)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()


def test_after_ten_failures_one_waits_and_is_told_how_long(cast, client, clock):
    for _time in range(10):
        assert sign_in(client, cast.owner, password="wrong").status_code == 422
    answer = sign_in(client, cast.owner)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) == 15 * 60
    assert "12:15" in answer.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "evil",
        "http:///evil.example",
    ],
)
def test_sign_in_leads_to_no_foreign_page(cast, client, address):
    assert sign_in(client, cast.owner, next=address)["Location"] == "/day"


def test_sign_in_leads_back_to_where_one_was_going(cast, client):
    answer = client.get("/notices?before=x")
    assert answer["Location"] == "/sign-in?next=/notices%3Fbefore%3Dx"
    page = client.get(answer["Location"]).content.decode()
    assert 'name="next" value="/notices?before=x"' in page
    assert sign_in(client, cast.owner, next="/notices?before=x")["Location"] == "/notices?before=x"


def test_sign_out_is_a_post(cast, as_person):
    browser = as_person(cast.owner)
    assert browser.get("/sign-out").status_code == 405
    assert browser.get("/profile").status_code == 200


def test_signing_out_forgets_the_pushes_of_this_browser_only(cast, client, as_person):
    sign_in(client, cast.owner)
    here, there = Browser("https://fcm.googleapis.com/1"), Browser("https://fcm.googleapis.com/2")
    assert client.post("/push/subscriptions", here.fields).status_code == 201
    assert as_person(cast.owner).post("/push/subscriptions", there.fields).status_code == 201
    client.post("/sign-out")
    assert PushSubscription.objects.get().endpoint_hash == fingerprint(there.endpoint)


def test_a_stranger_changes_the_language_for_a_year(cast, client):
    answer = client.post("/language", {"language": "en", "next": "/sign-in?next=/day"})
    assert answer["Location"] == "/sign-in?next=/day"
    assert 'lang="en"' in client.get("/sign-in").content.decode()
    client.post("/language", {"language": "ru", "next": "//evil.example"})
    assert 'lang="ru"' in client.get("/sign-in").content.decode()
    assert client.post("/language", {"language": "xx"})["Location"] == "/sign-in"


def test_the_forwarded_address_is_believed_only_behind_our_proxy(cast, client, settings):
    def address_of_last_entry():
        return Event.objects.filter(kind="person.signed_in").latest("id").data["address"]

    client.post("/sign-in", {"email": cast.owner.email, "password": PASSWORD}, headers={"X-Forwarded-For": "1.2.3.4"})
    assert address_of_last_entry() == "127.0.0.1"
    settings.VORONKA_TRUSTED_PROXIES = 1
    other = Client()
    other.post(
        "/sign-in",
        {"email": cast.owner.email, "password": PASSWORD},
        headers={"X-Forwarded-For": "6.6.6.6, 203.0.113.9"},
    )
    assert address_of_last_entry() == "203.0.113.9"
