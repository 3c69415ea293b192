"""When a step is due: quick choices in words, and the form that plans a task."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from voronka.deals.actions import Step
from voronka.kernel import clock
from voronka.kernel.errors import FieldErrors
from voronka.staff.models import Person
from voronka.tasks import queries
from voronka.tasks.models import TaskKind

AT = "at"


@dataclass(frozen=True)
class Choice:
    key: str
    title: str
    at: datetime


def quick_choices() -> list[Choice]:
    """Moments people name most, in the person's zone."""
    zone = timezone.get_current_timezone()
    now = clock.now().astimezone(zone)
    hour = (now + timedelta(hours=1)).replace(second=0, microsecond=0)

    def morning(days: int) -> datetime:
        return (now + timedelta(days=days)).replace(hour=10, minute=0, second=0, microsecond=0)

    found = [Choice("hour", _("in an hour"), hour)]
    evening = now.replace(hour=18, minute=0, second=0, microsecond=0)
    if evening - now > timedelta(hours=1, minutes=30):
        found.append(Choice("evening", _("today 18:00"), evening))
    found += [
        Choice("tomorrow", _("tomorrow 10:00"), morning(1)),
        Choice("after", _("the day after 10:00"), morning(2)),
        Choice("week", _("in a week"), morning(7)),
    ]
    return found


def when_options() -> list[tuple[str, str]]:
    return [*((choice.key, choice.title) for choice in quick_choices()), (AT, _("another time…"))]


def read_when(typed: Mapping[str, str]) -> datetime:
    """`when` is a quick choice or «at» with `due_at` in the person's zone. Raises FieldErrors."""
    when = typed.get("when") or AT
    for choice in quick_choices():
        if choice.key == when:
            return choice.at
    text = (typed.get("due_at") or "").strip()
    if not text:
        raise FieldErrors({"due_at": _("When?")})
    try:
        local = datetime.fromisoformat(text)
    except ValueError as error:
        raise FieldErrors({"due_at": _("Write a date and time, for example 28.11.2026 15:30.")}) from error
    if not 2000 <= local.year <= 2200:
        raise FieldErrors({"due_at": _("Write a date and time, for example 28.11.2026 15:30.")})
    return local.replace(tzinfo=timezone.get_current_timezone()) if local.tzinfo is None else local


def read_step(typed: Mapping[str, str], *, title_key: str = "text") -> Step:
    """A step as a form gives it: kind, text, when, responsible. Raises FieldErrors."""
    errors: dict[str, str] = {}
    kind = TaskKind.objects.filter(key=typed.get("kind", "")).first()
    if kind is None:
        errors["kind"] = _("Choose what it is.")
    responsible = None
    if chosen := (typed.get("responsible") or "").strip():
        responsible = Person.objects.filter(is_active=True, pk=chosen).first() if chosen.isdigit() else None
        if responsible is None:
            errors["responsible"] = _("Choose from the list.")
    try:
        due_at = read_when(typed)
    except FieldErrors as wrong:
        errors |= wrong.errors
    if errors or kind is None:
        raise FieldErrors(errors)
    return Step(kind=kind, title=typed.get(title_key, ""), due_at=due_at, responsible=responsible)


def kinds() -> list[TaskKind]:
    return [kind for kind in queries.kinds().values() if kind.is_active and kind.key != "inquiry"]


def local_input(moment: datetime) -> str:
    """Value of a datetime-local input."""
    return moment.astimezone(timezone.get_current_timezone()).strftime("%Y-%m-%dT%H:%M")
