"""Who asks: the token of a request, counted and checked. Cookies are never looked at, so no page can ask in a
person's name.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from django.db import connection
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from voronka.clients.tags import Known, known_tags
from voronka.deals.fields import hidden_from
from voronka.kernel import clock
from voronka.kernel.actor import Actor, ActorKind
from voronka.staff.models import Person
from voronka.staff.queries import people

from .actions import digest_of
from .scopes import READ, WRITE

MINUTE = timedelta(minutes=1)

# One statement finds the token and counts the request, so that many processes keep one limit.
_COUNT = """
    UPDATE api_token SET spent = CASE WHEN used_at = %(minute)s::timestamptz THEN spent + 1 ELSE 1 END,
        used_at = %(minute)s::timestamptz
    WHERE digest = %(digest)s::text AND revoked_at IS NULL
    RETURNING id, person_id, title, scopes, spent
"""


def per_minute() -> int:
    """Requests a token may make in a minute: VORONKA_API_RATE."""
    return int(os.environ.get("VORONKA_API_RATE") or 600)


@dataclass(frozen=True, kw_only=True)
class Rate:
    """`spent` of `limit` requests in the minute that ends at `resets_at`."""

    limit: int
    spent: int
    resets_at: datetime

    @property
    def is_over(self) -> bool:
        return self.spent > self.limit

    @property
    def seconds(self) -> int:
        return max(1, int((self.resets_at - clock.now()).total_seconds()) + 1)

    def headers(self) -> dict[str, str]:
        left = max(0, self.limit - self.spent)
        limits = {"Limit": str(self.limit), "Remaining": str(left), "Reset": str(self.seconds)}
        return {f"RateLimit-{name}": value for name, value in limits.items()}


@dataclass(kw_only=True)
class Caller:
    """A program at work for a person."""

    token_id: int
    title: str
    scopes: frozenset[str]
    person: Person
    rate: Rate

    @cached_property
    def actor(self) -> Actor:
        return replace(self.person.actor, kind=ActorKind.API, why=self.title)

    @cached_property
    def hidden(self) -> frozenset[str]:
        """Declared fields of deals that the person's role does not see."""
        return hidden_from(self.actor)

    @cached_property
    def tags(self) -> Known:
        """Key of each tag → the one it shows as."""
        return known_tags()


class ApiRequest(HttpRequest):
    """What operations get: the middleware has found out who calls."""

    caller: Caller


def caller_of(request: HttpRequest) -> Caller | None:
    """Whose token the request carries; None for a stranger, an ended token or a person switched off."""
    way, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if way.lower() != "bearer" or not secret:
        return None
    minute = clock.now().replace(second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"minute": minute, "digest": digest_of(secret.strip())})
        row: Sequence | None = cursor.fetchone()
    person = people().filter(pk=row[1]).first() if row else None
    if row is None or person is None:
        return None
    rate = Rate(limit=per_minute(), spent=row[4], resets_at=minute + MINUTE)
    return Caller(token_id=row[0], title=row[2], scopes=frozenset(row[3]), person=person, rate=rate)


class Stranger(Exception):
    """No token, or one that opens nothing."""


class Closed(Exception):
    """The token, or the role of its person, does not open this."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Door(HttpBearer):
    """One area of the API: reading needs `<area>:read`, anything else `<area>:write`."""

    openapi_description = "A personal token with scopes; made in the profile."

    def __init__(self, area: str, *, permission: str = "") -> None:
        super().__init__()
        self.area, self.permission = area, permission

    def __call__(self, request: HttpRequest) -> Caller:
        return self.authenticate(request, "")

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        """The middleware has read the token already."""
        caller: Caller | None = getattr(request, "caller", None)
        if caller is None:
            raise Stranger
        scope = f"{self.area}:{READ if request.method in ('GET', 'HEAD') else WRITE}"
        if self.area and scope not in caller.scopes:
            raise Closed(_("This token may not: it has no “{scope}”.").format(scope=scope))
        if self.permission and not caller.person.may(self.permission):
            raise Closed(_("Your role does not open this."))
        return caller
