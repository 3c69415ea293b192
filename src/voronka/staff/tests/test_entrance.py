import hashlib

import pytest

from voronka.staff import entrance
from voronka.staff.actions import set_active
from voronka.staff.entrance import TooManyAttempts, WrongPassword, let_in
from voronka.staff.models import FailedSignIn
from voronka.testing.cast import PASSWORD

HERE, THERE = "203.0.113.5", "203.0.113.6"


def fail(email, *, address=HERE, times=1):
    for _time in range(times):
        with pytest.raises(WrongPassword):
            let_in(email=email, password="wrong", address=address)


def test_the_right_password_lets_in(cast):
    assert let_in(email=cast.owner.email, password=PASSWORD, address=HERE) == cast.owner
    assert not FailedSignIn.objects.exists()


def test_letters_of_the_email_may_be_of_any_size(cast):
    assert let_in(email=f" {cast.owner.email.upper()} ", password=PASSWORD, address=HERE) == cast.owner


def test_an_unknown_email_and_a_wrong_password_are_told_alike(cast):
    for email in (cast.owner.email, "nobody@voronka.example"):
        with pytest.raises(WrongPassword) as wrong:
            let_in(email=email, password="wrong", address=HERE)
        assert wrong.value.left == 9


def test_an_unknown_email_costs_a_hash_too(cast, monkeypatch):
    counted = []
    hasher = entrance.authenticate
    monkeypatch.setattr(entrance, "authenticate", lambda **facts: counted.append(1) or hasher(**facts))
    fail("nobody@voronka.example")
    assert counted


def test_whoever_is_switched_off_stays_outside(cast):
    set_active(cast.owner, by=cast.director.actor, active=False)
    fail(cast.owner.email)
    with pytest.raises(WrongPassword):
        let_in(email=cast.owner.email, password=PASSWORD, address=HERE)


def test_after_ten_failures_even_the_right_password_waits(cast, clock):
    fail(cast.owner.email, times=10)
    with pytest.raises(TooManyAttempts) as refused:
        let_in(email=cast.owner.email, password=PASSWORD, address=HERE)
    clock.set(refused.value.until)
    assert let_in(email=cast.owner.email, password=PASSWORD, address=HERE) == cast.owner


def test_waiting_is_not_made_longer_by_trying(cast, clock):
    fail(cast.owner.email, times=10)
    untils = set()
    for _time in range(3):
        clock.advance(minutes=1)
        with pytest.raises(TooManyAttempts) as refused:
            let_in(email=cast.owner.email, password=PASSWORD, address=HERE)
        untils.add(refused.value.until)
    assert len(untils) == 1


def test_the_person_at_another_address_is_not_locked_out_by_a_guesser(cast, clock):
    fail(cast.owner.email, times=10)
    assert let_in(email=cast.owner.email, password=PASSWORD, address=THERE) == cast.owner


def test_one_address_may_not_try_many_accounts(cast, clock, monkeypatch):
    monkeypatch.setattr(entrance, "PER_ADDRESS", 6)
    for number in range(6):
        fail(f"someone{number}@voronka.example")
    with pytest.raises(TooManyAttempts):
        let_in(email=cast.owner.email, password=PASSWORD, address=HERE)


def test_many_addresses_may_not_try_one_account(cast, clock, monkeypatch):
    monkeypatch.setattr(entrance, "PER_ACCOUNT", 6)
    for number in range(6):
        fail(cast.owner.email, address=f"203.0.113.{number}")
    with pytest.raises(TooManyAttempts):
        let_in(email=cast.owner.email, password=PASSWORD, address=THERE)


def test_what_was_typed_is_kept_only_as_a_digest(cast):
    fail("my-secret-password")
    kept = FailedSignIn.objects.get()
    assert kept.account == hashlib.sha256(b"my-secret-password").hexdigest()


def test_old_failures_go(cast, clock):
    fail(cast.owner.email)
    clock.advance(days=2)
    fail(cast.owner.email)
    assert FailedSignIn.objects.count() == 1


def test_a_huge_password_is_not_hashed(cast, monkeypatch):
    monkeypatch.setattr(entrance, "authenticate", lambda **_facts: pytest.fail("hashed"))
    with pytest.raises(WrongPassword):
        let_in(email=cast.owner.email, password="x" * 1000, address=HERE)
