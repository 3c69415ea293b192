"""Writes about tokens: made by the person they work for, ended by that person."""

import hashlib
import secrets
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors, Refusal
from voronka.staff.models import Person
from voronka.staff.rights import record_person

from .models import Token
from .scopes import SCOPES

PREFIX = "vrk_"
MOST = 50
LONGEST_TITLE = 100


def digest_of(secret: str) -> str:
    """What is kept of a token. It is random and long, so a plain digest can't be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def issue_token(person: Person, *, by: Actor, title: str, scopes: Collection[str]) -> tuple[Token, str]:
    """A new token and its secret, which is told this once. Raises FieldErrors, Refusal at MOST of them."""
    title = title.strip()
    errors = {}
    if not title or len(title) > LONGEST_TITLE:
        errors["title"] = _("Name the program that will use it.")
    if not scopes or not set(scopes) <= set(SCOPES):
        errors["scopes"] = _("Choose what it may.")
    if errors:
        raise FieldErrors(errors)
    secret = PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        if Token.objects.filter(person=person, revoked_at=None).count() >= MOST:
            raise Refusal(_("That is {number} tokens already. End those that nobody uses.").format(number=MOST))
        token = Token.objects.create(
            person=person,
            title=title,
            digest=digest_of(secret),
            ending=secret[-4:],
            scopes=[scope for scope in SCOPES if scope in scopes],
            created_at=clock.now(),
        )
        record_person("token.issued", person, by, {"token": token.pk, "title": title, "scopes": token.scopes})
    return token, secret


def revoke_token(token: Token, *, by: Actor) -> None:
    """End it: the next request with it is a stranger's. Twice changes nothing."""
    with transaction.atomic():
        if Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=clock.now()):
            record_person("token.revoked", token.person, by, {"token": token.pk, "title": token.title})
