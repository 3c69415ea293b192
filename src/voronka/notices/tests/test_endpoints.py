import pytest

from voronka.kernel.errors import FieldErrors
from voronka.notices import endpoints, keys, subscriptions
from voronka.notices.models import PushSubscription
from voronka.testing.push_service import Browser


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc",
        "https://updates.push.services.mozilla.com/wpush/v2/abc",
        "https://web.push.apple.com/QAbc",
        "https://wns2-par02p.notify.windows.com/w/?token=abc",
        "https://fcm.googleapis.com:443/fcm/send/abc",
    ],
)
def test_known_push_services_are_allowed(endpoint):
    assert endpoints.is_allowed(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "http://fcm.googleapis.com/fcm/send/abc",
        "https://127.0.0.1/x",
        "https://10.0.0.5/x",
        "https://[::1]/x",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost/x",
        "https://evil.example/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evilpush.apple.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com@127.0.0.1/x",
        "https://user:pass@fcm.googleapis.com/x",
        "https://127.0.0.1\\@fcm.googleapis.com/x",
        "https://fcm.googleapis.com:port/x",
        "https://fcm.googleapis.com/x y",
        "https://fcm.googleapis.com/\n",
        "file:///etc/passwd",
        "https://fcm.googleapis.com/" + "a" * 3000,
    ],
)
def test_everything_else_is_refused(endpoint):
    assert not endpoints.is_allowed(endpoint)


def test_the_owner_of_the_server_may_trust_one_more_origin_exactly(monkeypatch):
    monkeypatch.setenv("VORONKA_PUSH_HOSTS", "http://127.0.0.1:9000, https://push.company.example")
    assert endpoints.is_allowed("http://127.0.0.1:9000/x")
    assert endpoints.is_allowed("https://push.company.example/x")
    assert not endpoints.is_allowed("http://127.0.0.1:9001/x")
    assert not endpoints.is_allowed("http://push.company.example/x")


@pytest.mark.parametrize("broken", [{"p256dh": "AAAA"}, {"p256dh": "не ключ"}, {"auth": "c2hvcnQ"}, {"auth": ""}])
def test_keys_that_no_browser_makes_are_refused(broken):
    fields = {**Browser("https://fcm.googleapis.com/fcm/send/abc").fields, **broken}
    with pytest.raises(FieldErrors) as refused:
        endpoints.check(**fields)
    assert list(refused.value.errors) == list(broken)


def test_padding_of_keys_does_not_matter():
    fields = Browser("https://fcm.googleapis.com/fcm/send/abc").fields
    endpoints.check(**{**fields, "auth": fields["auth"] + "=="})


def test_a_browser_belongs_to_whoever_subscribed_last(cast):
    fields = Browser("https://fcm.googleapis.com/fcm/send/abc").fields
    subscriptions.subscribe(cast.owner, by=cast.owner.actor, **fields)
    subscriptions.subscribe(cast.colleague, by=cast.colleague.actor, **fields)
    assert PushSubscription.objects.get().person == cast.colleague


def test_old_browsers_of_a_person_give_way(cast):
    for number in range(subscriptions.PER_PERSON + 3):
        fields = Browser(f"https://fcm.googleapis.com/fcm/send/{number}").fields
        subscriptions.subscribe(cast.owner, by=cast.owner.actor, **fields)
    kept = PushSubscription.objects.values_list("endpoint", flat=True)
    assert len(kept) == subscriptions.PER_PERSON
    assert "https://fcm.googleapis.com/fcm/send/0" not in kept


def test_nobody_takes_away_the_browser_of_another(cast):
    made = subscriptions.subscribe(
        cast.owner, by=cast.owner.actor, **Browser("https://fcm.googleapis.com/fcm/send/abc").fields
    )
    subscriptions.unsubscribe(cast.colleague, by=cast.colleague.actor, endpoint_hash=made.endpoint_hash)
    assert PushSubscription.objects.exists()


def test_new_keys_of_ours_set_subscriptions_aside_until_they_are_renewed(cast):
    fields = Browser("https://fcm.googleapis.com/fcm/send/abc").fields
    subscriptions.subscribe(cast.owner, by=cast.owner.actor, **fields)
    keys.rotate()
    assert not subscriptions.current([cast.owner.pk]).exists()
    subscriptions.subscribe(cast.owner, by=cast.owner.actor, **fields)
    assert subscriptions.current([cast.owner.pk]).exists()


def test_keys_are_made_once_and_stay(db):
    first = keys.public_key()
    assert keys.public_key() == first
    assert len(first) == 87


def test_a_copy_of_the_base_alone_cannot_sign(db, settings):
    first = keys.public_key()
    settings.SECRET_KEY = "another"
    assert keys.public_key() != first
