"""The door: who may come in, and how long one must wait after guessing.

A failed try is committed before the password is looked at, so that parallel guesses are counted too; a right
password takes back what this address has failed on this account.
"""

import hashlib
from datetime import datetime, timedelta

from django.contrib.auth import authenticate
from django.db import transaction
from django.db.models import Q

from voronka.kernel import clock
from voronka.kernel.actor import Actor

from .models import FailedSignIn, Person
from .rights import record_person

WINDOW = timedelta(minutes=15)
#: Failures within WINDOW before one must wait: of one address on one account, of an address, on an account.
PER_PAIR, PER_ADDRESS, PER_ACCOUNT = 10, 60, 100
LONGEST_PASSWORD = 256
KEEP = timedelta(days=1)


class TooManyAttempts(Exception):
    """Nothing is checked before `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


class WrongPassword(Exception):
    """E-mail, password or both are wrong, or the person is switched off; `left` tries remain before a pause."""

    def __init__(self, left: int) -> None:
        super().__init__("wrong e-mail or password")
        self.left = left


def let_in(*, email: str, password: str, address: str) -> Person:
    """The person who may sign in. Takes as long for an unknown e-mail. Raises TooManyAttempts, WrongPassword."""
    account = hashlib.sha256(email.strip().lower().encode()).hexdigest()
    failed = _count_try(account, address)
    person = authenticate(username=email.strip(), password=password) if len(password) <= LONGEST_PASSWORD else None
    if not isinstance(person, Person):
        raise WrongPassword(max(0, PER_PAIR - failed))
    FailedSignIn.objects.filter(account=account, address=address).delete()
    return person


def note_entry(person: Person, *, by: Actor, address: str) -> None:
    """Every entry is recorded with its address."""
    with transaction.atomic():
        record_person("person.signed_in", person, by, {"address": address})


def note_exit(person: Person, *, by: Actor) -> None:
    with transaction.atomic():
        record_person("person.signed_out", person, by)


def _count_try(account: str, address: str) -> int:
    """Write the try down as failed; how many failures the pair has now."""
    now = clock.now()
    _refuse_if_too_many(account, address, now)
    FailedSignIn.objects.create(at=now, address=address, account=account)
    FailedSignIn.objects.filter(at__lt=now - KEEP).delete()
    failed = FailedSignIn.objects.filter(account=account, address=address, at__gt=now - WINDOW).count()
    if failed > PER_PAIR:
        raise TooManyAttempts(now + WINDOW)
    return failed


def _refuse_if_too_many(account: str, address: str, now: datetime) -> None:
    limits = (
        (Q(account=account, address=address), PER_PAIR),
        (Q(address=address), PER_ADDRESS),
        (Q(account=account), PER_ACCOUNT),
    )
    for whose, limit in limits:
        recent = FailedSignIn.objects.filter(whose, at__gt=now - WINDOW).order_by("-at")
        moments = list(recent.values_list("at", flat=True)[:limit])
        if len(moments) == limit:
            raise TooManyAttempts(moments[-1] + WINDOW)
