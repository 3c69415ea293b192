"""What the pages of one's own account take. Rules that actions check themselves are not repeated here."""

from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from voronka.presets import catalogue
from voronka.staff.models import Person

REQUIRED = {"required": gettext_lazy("Fill this in.")}
CLOCK = {"invalid": gettext_lazy("Write a time like 22:00.")}


class SignInForm(forms.Form):
    email = forms.CharField(max_length=254, error_messages=REQUIRED)
    password = forms.CharField(max_length=1024, strip=False, error_messages=REQUIRED)
    remember = forms.BooleanField(required=False)


class ZoneField(forms.CharField):
    """A time zone by its IANA name."""

    def validate(self, value: str) -> None:
        super().validate(value)
        if value not in available_timezones():
            raise forms.ValidationError(_("There is no such time zone."))


class FirstRunForm(forms.Form):
    token = forms.CharField(max_length=200, required=False)
    company_name = forms.CharField(max_length=120, error_messages=REQUIRED)
    preset = forms.CharField(max_length=60, error_messages=REQUIRED)
    time_zone = ZoneField(max_length=60, error_messages=REQUIRED)
    name = forms.CharField(max_length=120, error_messages=REQUIRED)
    email = forms.CharField(max_length=254, error_messages=REQUIRED)
    password = forms.CharField(max_length=256, strip=False, error_messages=REQUIRED)

    def clean_preset(self) -> str:
        key = self.cleaned_data["preset"]
        if key not in {preset.key for preset in catalogue.available()}:
            raise forms.ValidationError(_("There is no such process."))
        return key


class ProfileForm(forms.Form):
    name = forms.CharField(max_length=120, error_messages=REQUIRED)
    phone = forms.CharField(max_length=40, required=False)
    time_zone = ZoneField(max_length=60, error_messages=REQUIRED)
    language = forms.ChoiceField(choices=settings.LANGUAGES)
    theme = forms.ChoiceField(choices=Person.Theme.choices)


class PasswordForm(forms.Form):
    current = forms.CharField(max_length=1024, strip=False, error_messages=REQUIRED)
    password = forms.CharField(max_length=256, strip=False, error_messages=REQUIRED)


class HoursForm(forms.Form):
    quiet_from = forms.TimeField(required=False, error_messages=CLOCK)
    quiet_till = forms.TimeField(required=False, error_messages=CLOCK)
    urgent_anyway = forms.BooleanField(required=False)
    on_shift_only = forms.BooleanField(required=False)


def first_errors(form: forms.Form) -> dict[str, str]:
    """One sentence a field."""
    return {field: str(errors[0]) for field, errors in form.errors.items()}
