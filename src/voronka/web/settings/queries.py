"""What the settings pages show about people. The number of queries does not grow with the number of people."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from voronka.kernel import clock
from voronka.staff.models import Person, Shift

#: Somebody seen within this time is here now.
HERE = timedelta(minutes=5)


@dataclass
class Row:
    """A person as the list shows them."""

    person: Person
    partners: list[str] = field(default_factory=list)
    shift: Shift | None = None
    on_shift: bool = False
    had_shifts: bool = False
    here: bool = False

    @property
    def where(self) -> str:
        locations = [f"«{location.name}»" for location in self.person.locations.all()]
        return ", ".join(locations or [brand.name for brand in self.person.brands.all()])

    @property
    def ran_out(self) -> bool:
        """Whose planned shifts are all over is never on shift, so no inquiry is offered to them (`staff.on_shift`)."""
        return self.person.is_active and self.had_shifts and self.shift is None


def staff(*, active: bool = True, text: str = "") -> QuerySet[Person]:
    """Everybody, in the order of roles and names."""
    found = Person.objects.filter(is_active=active)
    if text:
        found = found.filter(Q(name__icontains=text) | Q(email__icontains=text) | Q(phone__icontains=text))
    return (
        found.select_related("role", "team", "seat")
        .prefetch_related("brands", "locations")
        .order_by("role__position", "role_id", "name", "id")
    )


def rows(people: QuerySet[Person]) -> list[Row]:
    """List rows with partners and shifts: five queries in all."""
    found = list(people)
    mates = _mates({person.seat_id for person in found})
    shifts = _nearest_shifts([person.pk for person in found])
    planned = set(Shift.objects.filter(person__in=found).values_list("person", flat=True).distinct())
    now = clock.now()
    result = []
    for person in found:
        shift = shifts.get(person.pk)
        result.append(
            Row(
                person=person,
                partners=[name for pk, name in mates[person.seat_id] if pk != person.pk],
                shift=shift,
                on_shift=bool(shift and shift.span.lower <= now < shift.span.upper),
                had_shifts=person.pk in planned,
                here=bool(person.last_seen_at and now - person.last_seen_at < HERE),
            )
        )
    return result


def week(people: QuerySet[Person], monday: date, zone: ZoneInfo) -> list[tuple[Person, list[list[Shift]]]]:
    """Each person with their shifts of seven days, by the day a shift begins."""
    since = datetime.combine(monday, time(), zone)
    until = datetime.combine(monday + timedelta(days=7), time(), zone)
    found = list(people)
    planned = Shift.objects.filter(person__in=found, span__startswith__gte=since, span__startswith__lt=until)
    by_day: dict[tuple[int, date], list[Shift]] = defaultdict(list)
    for shift in planned.order_by("span"):
        by_day[shift.person_id, shift.span.lower.astimezone(zone).date()].append(shift)
    days = [monday + timedelta(days=number) for number in range(7)]
    return [(person, [by_day[person.pk, day] for day in days]) for person in found]


def _mates(seats: set[int]) -> dict[int, list[tuple[int, str]]]:
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    sharers = Person.objects.filter(seat__in=seats, is_active=True).order_by("name")
    for seat, pk, name in sharers.values_list("seat_id", "pk", "name"):
        found[seat].append((pk, name))
    return found


def _nearest_shifts(people: list[int]) -> dict[int, Shift]:
    """The shift that is on, else the next one."""
    coming = Shift.objects.filter(person__in=people, span__endswith__gt=clock.now())
    return {shift.person_id: shift for shift in coming.order_by("person_id", "span").distinct("person_id")}
