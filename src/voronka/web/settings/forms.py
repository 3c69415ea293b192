"""What the pages of people, teams and shifts take. What a role may grant is the action's business."""

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from voronka.staff.models import Brand, Location, Person, Role, Seat, Team
from voronka.staff.rules import RHYTHMS

REQUIRED = {"required": gettext_lazy("Fill this in."), "invalid": gettext_lazy("This cannot be read.")}
CHOOSE = {"required": gettext_lazy("Choose one."), "invalid_choice": gettext_lazy("There is no such choice.")}
#: As the person's seat: one of their own.
OWN = "own"
LONGEST = timedelta(days=184)


class PersonForm(forms.Form):
    name = forms.CharField(max_length=120, error_messages=REQUIRED)
    email = forms.CharField(max_length=254, error_messages=REQUIRED)
    phone = forms.CharField(max_length=40, required=False)
    role = forms.ModelChoiceField(Role.objects.all(), error_messages=CHOOSE)
    seat = forms.CharField(max_length=20, required=False)
    team = forms.ModelChoiceField(Team.objects.all(), required=False, error_messages=CHOOSE)
    brands = forms.ModelMultipleChoiceField(Brand.objects.all(), required=False, error_messages=CHOOSE)
    locations = forms.ModelMultipleChoiceField(Location.objects.all(), required=False, error_messages=CHOOSE)

    def clean_seat(self) -> Seat | None:
        """None: one's own."""
        given = self.cleaned_data["seat"]
        if given in ("", OWN):
            return None
        seat = Seat.objects.filter(pk=given).first() if given.isdecimal() and len(given) < 18 else None
        if seat is None:
            raise forms.ValidationError(_("There is no such account."))
        return seat


class NewPersonForm(PersonForm):
    password = forms.CharField(max_length=256, strip=False, required=False)


class NewPasswordForm(forms.Form):
    password = forms.CharField(max_length=256, strip=False, required=False)


class TeamForm(forms.Form):
    name = forms.CharField(max_length=120, error_messages=REQUIRED)


class ShiftForm(forms.Form):
    person = forms.ModelChoiceField(Person.objects.filter(is_active=True), error_messages=CHOOSE)
    day = forms.DateField(error_messages=REQUIRED)
    starts = forms.TimeField(error_messages=REQUIRED)
    ends = forms.TimeField(error_messages=REQUIRED)

    def clean_day(self) -> date:
        return _sane(self.cleaned_data["day"])


class PlanForm(forms.Form):
    person = forms.ModelChoiceField(Person.objects.filter(is_active=True), error_messages=CHOOSE)
    rhythm = forms.ChoiceField(choices=[(key, key) for key in RHYTHMS], error_messages=CHOOSE)
    first = forms.DateField(error_messages=REQUIRED)
    last = forms.DateField(error_messages=REQUIRED)
    starts = forms.TimeField(error_messages=REQUIRED)
    ends = forms.TimeField(error_messages=REQUIRED)
    partner = forms.BooleanField(required=False)

    def clean_first(self) -> date:
        return _sane(self.cleaned_data["first"])

    def clean(self) -> dict:
        facts = super().clean() or {}
        first, last = facts.get("first"), facts.get("last")
        if first and last and last < first:
            self.add_error("last", _("The end is before the beginning."))
        elif first and last and last - first > LONGEST:
            self.add_error("last", _("Plan half a year at most."))
        return facts


def errors_of(form: forms.Form) -> dict[str, str]:
    """One sentence a field."""
    return {field: str(errors[0]) for field, errors in form.errors.items()}


def _sane(day: date) -> date:
    if not date(2000, 1, 1) <= day <= date(2100, 1, 1):
        raise forms.ValidationError(_("This day cannot be right."))
    return day
