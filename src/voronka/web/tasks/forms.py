"""What people type about tasks."""

from datetime import datetime
from typing import Any

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
from voronka.tasks.models import TaskKind

WHEN = {"required": _("Say by when."), "invalid": _("Write a date and time, for example 28.11.2026 15:30.")}
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


class NewTask(forms.Form):
    """A deal is named by its number, and only one that this person may see."""

    kind = forms.ModelChoiceField(TaskKind.objects.none(), error_messages={"required": _("Say what to do.")})
    title = forms.CharField(max_length=500, required=False)
    due_at = forms.DateTimeField(input_formats=FORMATS, error_messages=WHEN)
    responsible = Colleague(Person.objects.none(), error_messages={"required": _("Say who will do it.")})
    deal = forms.CharField(required=False, max_length=20)
    company = forms.CharField(required=False, max_length=20)

    def __init__(self, *args: Any, viewer: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        self.fields["kind"].queryset = TaskKind.objects.order_by("position", "id")  # type: ignore[attr-defined]
        self.fields["responsible"].queryset = colleagues()  # type: ignore[attr-defined]

    def kinds(self) -> list[tuple[int, str]]:
        return [(kind.pk, kind.title) for kind in self.fields["kind"].queryset]  # type: ignore[attr-defined]

    def people(self) -> list[tuple[int, str]]:
        return [(person.pk, person.name) for person in self.fields["responsible"].queryset]  # type: ignore[attr-defined]

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


class Responsible(forms.Form):
    responsible = Colleague(Person.objects.none(), error_messages={"required": _("Say who will do it.")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["responsible"].queryset = colleagues()  # type: ignore[attr-defined]

    def people(self) -> list[tuple[int, str]]:
        return [(person.pk, person.name) for person in self.fields["responsible"].queryset]  # type: ignore[attr-defined]


def colleagues() -> QuerySet[Person]:
    """Whom a task may be given to: everybody who works here now. The prefetches of the gate are not needed."""
    return people().prefetch_related(None).order_by("name")


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def local(moment: datetime) -> str:
    """A moment as the date-and-time input of the browser holds it, in the person's zone."""
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")
