"""Company data of a document: brands, locations, programmes, teams, roles, calendars, goods."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from pydantic import Field, field_validator, model_validator

from voronka.staff.access import PERMISSIONS

from ..values import BrandRef, Days, Hours, Key, LocationRef, Part, RoleRef, Title

Price = Annotated[Decimal, Field(ge=0, lt=10**10, decimal_places=2)]


class Brand(Part):
    key: Key
    title: Title


class Location(Part):
    key: Key
    title: Title
    brand: BrandRef
    address: str = ""
    review_url: str = ""


class Programme(Part):
    """Something the company plays or holds at one location; a product and a choice of the field `programme`."""

    key: Key
    title: Title
    location: LocationRef
    price: Price


class Company(Part):
    brands: list[Brand] = []
    locations: list[Location] = []
    programmes: list[Programme] = []
    teams: list[Title] = []


class Role(Part):
    """What people of one kind see and may; see `staff.access`."""

    key: Key
    title: Title
    sees: Literal["own", "location", "brand", "all"] = "own"
    sees_untaken: bool = False
    may: list[str] = []

    @field_validator("may")
    @classmethod
    def known(cls, may: list[str]) -> list[str]:
        if unknown := [name for name in may if name not in PERMISSIONS]:
            raise ValueError(
                _("There is no permission «{name}». Known: {known}.").format(
                    name=unknown[0], known=", ".join(PERMISSIONS)
                )
            )
        return may


class Calendar(Part):
    """Working time, in the company's time zone.

    `hours`: `always`, day and night without days off; `shifts`, while somebody of `roles` is on shift; or hours by days
    of the week: `{mon-fri: "09:00-18:00", sat: "10:00-15:00"}`. `breaks` of every day are not worked.
    `holidays: russia` has public holidays off and moved days worked. `days_off` and `days_on` are the
    company's own and win.
    """

    key: Key
    title: Title
    hours: Literal["always", "shifts"] | dict[Days, Hours] = "always"
    roles: list[RoleRef] = []
    breaks: list[Hours] = []
    holidays: Literal["russia", "none"] = "russia"
    days_off: list[date] = []
    days_on: dict[date, Hours] = {}

    @model_validator(mode="after")
    def has_working_time(self) -> "Calendar":
        if self.hours == {}:
            raise ValueError(_("A calendar needs working hours."))
        return self

    @property
    def spec(self) -> dict[str, Any]:
        """The plain form that `staff.calendars` reads."""
        if self.hours == "always":
            return {}
        if isinstance(self.hours, str):
            return {"hours": "shifts", "roles": [str(role) for role in self.roles]}
        week: list[Any] = [None] * 7
        for days, hours in self.hours.items():
            for day in days.days:
                week[day] = list(hours.minutes)
        return {
            "week": week,
            "breaks": [list(hours.minutes) for hours in self.breaks],
            "country": "RU" if self.holidays == "russia" else "",
            "off": [day.isoformat() for day in self.days_off],
            "on": {day.isoformat(): list(hours.minutes) for day, hours in self.days_on.items()},
        }


class Product(Part):
    key: Key
    title: Title
    price: Price
    kind: Literal["good", "service", "certificate"] = "service"
    upsell: bool = False
