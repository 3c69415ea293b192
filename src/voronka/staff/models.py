from functools import cached_property
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from voronka.kernel import actor
from voronka.kernel.actor import Actor

from .access import reach_of


class Brand(models.Model):
    key = models.TextField(unique=True)
    name = models.TextField()

    def __str__(self) -> str:
        return self.name


class Location(models.Model):
    key = models.TextField(unique=True)
    name = models.TextField()
    brand = models.ForeignKey(Brand, models.PROTECT, related_name="locations")
    address = models.TextField(blank=True, default="")
    review_url = models.URLField(blank=True, default="")

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    name = models.TextField(unique=True)

    def __str__(self) -> str:
        return self.name


class Role(models.Model):
    """What people of one kind may see and do. Declared by the process document; see `staff.access`."""

    class Sees(models.TextChoices):
        OWN = "own", "own"
        LOCATION = "location", "location"
        BRAND = "brand", "brand"
        ALL = "all", "all"

    key = models.TextField(unique=True)
    title = models.TextField()
    sees = models.TextField(choices=Sees.choices, default=Sees.OWN)
    sees_untaken = models.BooleanField(default=False)
    may = ArrayField(models.TextField(), default=list)
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.title


class Seat(models.Model):
    """The working account that owns deals; shared by those who replace each other by shift."""

    name = models.TextField()


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.select_related("role").get(email__iexact=username)


class Person(AbstractBaseUser):
    """Somebody who signs in. Switched off people stay for history.

    `last_seen_at` is true to a minute; a new `session_epoch` ends the sessions that were begun before it.
    """

    class Theme(models.TextChoices):
        AUTO = "auto", "auto"
        LIGHT = "light", "light"
        DARK = "dark", "dark"

    email = models.EmailField(unique=True)
    name = models.TextField()
    phone = models.TextField(blank=True, default="")
    role = models.ForeignKey(Role, models.PROTECT, related_name="people")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="people")
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True, related_name="people")
    brands = models.ManyToManyField(Brand, blank=True, related_name="people")
    locations = models.ManyToManyField(Location, blank=True, related_name="people")
    time_zone = models.TextField(default="Europe/Moscow")
    language = models.CharField(max_length=2, default="ru")
    theme = models.CharField(max_length=5, choices=Theme.choices, default=Theme.AUTO)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(null=True)
    session_epoch = models.PositiveIntegerField(default=0)

    USERNAME_FIELD = "email"
    objects = PersonManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="person_email_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def actor(self) -> Actor:
        return actor.person(
            self.pk,
            seat_id=self.seat_id,
            reach=self.reach,
            permissions=frozenset(self.role.may),
            role=self.role.key,
        )

    @cached_property
    def brand_ids(self) -> list[int]:
        """One query, unless `staff.backend` has brought them."""
        return [brand.pk for brand in self.brands.all()]

    @cached_property
    def location_ids(self) -> list[int]:
        return [location.pk for location in self.locations.all()]

    @cached_property
    def reach(self) -> frozenset[str]:
        """Tokens of the gate; see `kernel.access`."""
        return reach_of(
            sees=self.role.sees,
            sees_untaken=self.role.sees_untaken,
            seat=self.seat_id,
            brands=self.brand_ids,
            locations=self.location_ids,
        )

    def may(self, permission: str) -> bool:
        """Whether the role grants `permission` (see `staff.access.PERMISSIONS`)."""
        return permission in self.role.may

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must match to stay valid: the password and the epoch."""
        facts = f"{self.password}:{self.session_epoch}"
        return salted_hmac("voronka.staff.session", facts, secret=secret, algorithm="sha256").hexdigest()


class Layout(models.Model):
    """How a person has arranged a page: columns of a list, folded stages of a board. `page` names it."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="layouts")
    page = models.TextField()
    kept = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "page"], name="layout_once")]


class Shift(models.Model):
    """Planned working time of a person; two shifts of one person never overlap."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="shifts")
    span = DateTimeRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="shift_no_overlap",
                expressions=[("person", RangeOperators.EQUAL), ("span", RangeOperators.OVERLAPS)],
            )
        ]


class FailedSignIn(models.Model):
    """A sign-in that did not succeed, kept a day to slow down guessing. `account` is a digest of what was typed
    as the e-mail: people type passwords there by mistake.
    """

    at = models.DateTimeField()
    address = models.GenericIPAddressField()
    account = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["address", "at"], name="failed_sign_in_address"),
            models.Index(fields=["account", "at"], name="failed_sign_in_account"),
            models.Index(fields=["at"], name="failed_sign_in_at"),
        ]
