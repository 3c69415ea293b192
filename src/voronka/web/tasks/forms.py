"""What people type about tasks."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from voronka.clients.models import Company
from voronka.deals.models import Deal
from voronka.kernel import clock
from voronka.staff.models import Person
from voronka.staff.queries import people
from voronka.tasks.actions import Plan
from voronka.tasks.models import TaskKind
from voronka.tasks.repeat import EVERY, Repeat

WHEN = {"required": _("Say by when."), "invalid": _("Write a date and time, for example 28.11.2026 15:30.")}
LENGTH = {"required": _("Say how long it takes."), "invalid": _("Write minutes, for example 45.")}
UNTIL = {"invalid": _("Write a date, for example 28.11.2026.")}
#: Minutes before its time that a reminder may be asked for.
REMIND = (0, 5, 15, 30, 60, 120, 1440)
FORMATS = ["%Y-%m-%dT%H:%M", "%d.%m.%Y %H:%M", "%d.%m.%y %H:%M"]


def sent(request: HttpRequest) -> QueryDict:
    """Form values of a POST, PUT or DELETE."""
    return request.POST if request.method == "POST" else QueryDict(request.body)


def errors(form: forms.Form) -> dict[str, str]:
    """First sentence of each wrong field."""
    return {name: str(texts[0]) for name, texts in form.errors.items()}


class Colleague(forms.ModelChoiceField):
    def label_from_instance(self, person: Person) -> str:
        return person.name


class Planned(forms.Form):
    """What a task is planned with, new or known."""

    title = forms.CharField(max_length=500, required=False)
    due_at = forms.DateTimeField(input_formats=FORMATS, error_messages=WHEN)
    minutes = forms.IntegerField(error_messages=LENGTH)
    responsible = Colleague(Person.objects.none(), error_messages={"required": _("Say who will do it.")})
    remind = forms.TypedChoiceField(choices=[("", ""), *((str(one), one) for one in REMIND)], required=False)
    repeat = forms.ChoiceField(choices=[("", ""), *((every, every) for every in EVERY)], required=False)
    days = forms.TypedMultipleChoiceField(choices=[(day, day) for day in range(7)], coerce=int, required=False)
    until = forms.DateField(input_formats=["%Y-%m-%d", "%d.%m.%Y"], required=False, error_messages=UNTIL)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["responsible"].queryset = colleagues()  # type: ignore[attr-defined]

    def people(self) -> list[tuple[int, str]]:
        return [(person.pk, person.name) for person in self.fields["responsible"].queryset]  # type: ignore[attr-defined]

    def plan(self) -> Plan:
        """What was typed, once it is valid."""
        given = self.cleaned_data
        every = given["repeat"]
        return Plan(
            title=given["title"],
            due_at=given["due_at"],
            minutes=given["minutes"],
            remind_before=int(given["remind"]) if given["remind"] else None,
            responsible=given["responsible"],
            repeat=Repeat(every=every, days=tuple(given["days"]), until=given["until"]) if every else None,
            zone=ZoneInfo(timezone.get_current_timezone_name()),
        )


class NewTask(Planned):
    """A deal is named by its number, and only one that this person may see."""

    kind = forms.ModelChoiceField(TaskKind.objects.none(), error_messages={"required": _("Say what to do.")})
    minutes = forms.IntegerField(required=False, error_messages=LENGTH)
    deal = forms.CharField(required=False, max_length=20)
    company = forms.CharField(required=False, max_length=20)

    def __init__(self, *args: Any, viewer: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        self.fields["kind"].queryset = kinds_in_use()  # type: ignore[attr-defined]

    def kinds(self) -> list[tuple[int, str]]:
        return [(kind.pk, kind.title) for kind in self.fields["kind"].queryset]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Nothing said about the length: as long as such tasks take."""
        given = super().clean() or {}
        if given.get("kind") and "minutes" in given and given["minutes"] is None:
            given["minutes"] = given["kind"].minutes
        return given

    def clean_due_at(self) -> datetime:
        if self.cleaned_data["due_at"] < clock.now():
            raise forms.ValidationError(_("This time has passed."))
        return self.cleaned_data["due_at"]

    def clean_deal(self) -> Deal | None:
        text = self.cleaned_data["deal"].strip().lstrip("№# ")
        if not text:
            return None
        found = Deal.objects.visible_to(self.viewer).filter(pk=text).first() if _is_id(text) else None
        if found is None:
            raise forms.ValidationError(_("There is no such deal, or you may not see it."))
        return found

    def clean_company(self) -> Company | None:
        text = self.cleaned_data["company"].strip()
        if not text:
            return None
        found = Company.objects.visible_to(self.viewer).filter(pk=text).first() if _is_id(text) else None
        if found is None:
            raise forms.ValidationError(_("There is no such client, or you may not see it."))
        return found


class Deadline(forms.Form):
    due_at = forms.DateTimeField(input_formats=FORMATS, error_messages=WHEN)


class Slot(forms.Form):
    """Where a task was dragged to in the calendar."""

    at = forms.DateTimeField(input_formats=FORMATS, error_messages=WHEN)
    minutes = forms.IntegerField(required=False, error_messages=LENGTH)
    responsible = Colleague(Person.objects.none(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["responsible"].queryset = colleagues()  # type: ignore[attr-defined]


class Responsible(forms.Form):
    responsible = Colleague(Person.objects.none(), error_messages={"required": _("Say who will do it.")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["responsible"].queryset = colleagues()  # type: ignore[attr-defined]

    def people(self) -> list[tuple[int, str]]:
        return [(person.pk, person.name) for person in self.fields["responsible"].queryset]  # type: ignore[attr-defined]


def kinds_in_use() -> QuerySet[TaskKind]:
    return TaskKind.objects.filter(is_active=True).order_by("position", "id")


def colleagues() -> QuerySet[Person]:
    """Whom a task may be given to: everybody who works here now. The prefetches of the gate are not needed."""
    return people().prefetch_related(None).order_by("name")


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def local(moment: datetime) -> str:
    """A moment as the date-and-time input of the browser holds it, in the person's zone."""
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")
