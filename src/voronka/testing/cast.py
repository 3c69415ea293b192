"""One cast for all tests: who owns a deal, who shares it, who heads it, and who must not see it.

`hire_cast()` writes it straight into the tables, so that a test of anything can start from people.
The pytest fixture `cast` of `voronka.testing.plugin` does the same.
"""

from dataclasses import dataclass
from functools import cache

from django.contrib.auth.hashers import make_password

from voronka.kernel import clock
from voronka.kernel.models import Installation
from voronka.staff.access import PERMISSIONS
from voronka.staff.models import Brand, Location, Person, Role, Seat

PASSWORD = "tikhaya-gavan-47"

#: key → title, what the role sees, whether it sees untaken inquiries, what it may
ROLES: dict[str, tuple[str, str, bool, tuple[str, ...]]] = {
    "manager": ("Менеджер", "own", True, ("take_deals", "create_deals", "see_clients")),
    "administrator": ("Администратор", "location", False, ("see_clients",)),
    "head": (
        "РОП",
        "brand",
        True,
        (
            "take_deals",
            "create_deals",
            "assign_deals",
            "see_ledger",
            "repair_ledger",
            "manage_people",
            "see_clients",
            "export_deals",
            "share_views",
        ),
    ),
    "director": ("Директор", "all", True, PERMISSIONS),
}


@dataclass(frozen=True, kw_only=True)
class Cast:
    """`owner` and `partner` share a seat; `colleague` sells for the same brand from another seat; `head` heads
    the brand; `administrator` works at `location`; `director` sees all; `stranger` sells for another brand.
    """

    brand: Brand
    location: Location
    other_brand: Brand
    other_location: Location
    owner: Person
    partner: Person
    colleague: Person
    head: Person
    administrator: Person
    director: Person
    stranger: Person

    @property
    def everybody(self) -> tuple[Person, ...]:
        return (
            self.owner,
            self.partner,
            self.colleague,
            self.head,
            self.administrator,
            self.director,
            self.stranger,
        )


def hire_cast() -> Cast:
    """Make the company (when there is none), the roles, two brands and everybody. Sign in with PASSWORD."""
    found_company()
    roles = {key: role(key) for key in ROLES}
    brand, location = _brand("chas-iks", "Час Икс", "sennaya", "Сенная")
    other_brand, other_location = _brand("zagadka", "Загадка", "petrogradskaya", "Петроградская")
    owner = hire("maria", "Мария Тен", roles["manager"], brands=[brand])
    return Cast(
        brand=brand,
        location=location,
        other_brand=other_brand,
        other_location=other_location,
        owner=owner,
        partner=hire("anna", "Анна Крылова", roles["manager"], seat=owner.seat, brands=[brand]),
        colleague=hire("dmitry", "Дмитрий Лосев", roles["manager"], brands=[brand]),
        head=hire("oleg", "Олег Верещагин", roles["head"], brands=[brand]),
        administrator=hire("polina", "Полина Юдина", roles["administrator"], brands=[brand], locations=[location]),
        director=hire("irina", "Ирина Соболева", roles["director"]),
        stranger=hire("stepan", "Степан Кольцов", roles["manager"], brands=[other_brand]),
    )


def found_company(name: str = "Час Икс", preset: str = "quests") -> Installation:
    """The one row that closes the first-run page."""
    made, _ = Installation.objects.get_or_create(
        pk=1, defaults={"company_name": name, "preset": preset, "created_at": clock.now()}
    )
    return made


def role(key: str) -> Role:
    """A role of the cast; one that a process document has already declared is left as it is."""
    title, sees, sees_untaken, may = ROLES[key]
    made, _ = Role.objects.get_or_create(
        key=key,
        defaults={
            "title": title,
            "sees": sees,
            "sees_untaken": sees_untaken,
            "may": list(may),
            "position": list(ROLES).index(key),
        },
    )
    return made


def hire(
    login: str,
    name: str,
    role: Role,
    *,
    seat: Seat | None = None,
    brands: list[Brand] | None = None,
    locations: list[Location] | None = None,
) -> Person:
    """One person, `<login>@voronka.example`, with PASSWORD."""
    person = Person.objects.create(
        email=f"{login}@voronka.example",
        name=name,
        role=role,
        seat=seat or Seat.objects.create(name=name),
        password=_password_hash(),
        created_at=clock.now(),
    )
    person.brands.set(brands or [])
    person.locations.set(locations or [])
    return person


def _brand(key: str, name: str, location_key: str, location_name: str) -> tuple[Brand, Location]:
    brand, _ = Brand.objects.get_or_create(key=key, defaults={"name": name})
    location, _ = Location.objects.get_or_create(key=location_key, defaults={"name": location_name, "brand": brand})
    return brand, location


@cache
def _password_hash() -> str:
    """Argon2 is slow on purpose; one hash serves the whole run."""
    return make_password(PASSWORD)
