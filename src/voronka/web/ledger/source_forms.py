"""What people type about a source."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from voronka.intake.models import Source
from voronka.intake.profiles import PROFILES
from voronka.staff.models import Brand, Location
from voronka.web.icons import CHANNELS

#: Where inquiries of a form may be said to come from; messengers bring their own adapters.
OFFERED = ("site", "quiz", "aggregator", "map", "email", "call", "campaign", "api")


def profiles() -> list[tuple[str, str]]:
    return [(profile.key, str(profile.title)) for profile in PROFILES.values() if profile.addressed]


def channels(now: str = "") -> list[tuple[str, str]]:
    """`now` stays among the choices even when it is none of the usual."""
    keys = [*OFFERED, *([now] if now and now not in OFFERED else [])]
    return [(key, str(CHANNELS[key][1]) if key in CHANNELS else key) for key in keys]


class SourceForm(forms.Form):
    title = forms.CharField(max_length=200, error_messages={"required": _("Write what people shall call it.")})
    profile = forms.CharField(max_length=20, error_messages={"required": _("Choose from the list.")})
    channel = forms.CharField(max_length=50, required=False)
    brand = forms.ModelChoiceField(Brand.objects.none(), required=False)
    location = forms.ModelChoiceField(Location.objects.none(), required=False)
    origins = forms.CharField(required=False, max_length=5000)
    honeypot = forms.CharField(required=False, max_length=50)
    per_address = forms.IntegerField(min_value=1, max_value=1_000_000)
    per_source = forms.IntegerField(min_value=1, max_value=1_000_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["brand"].queryset = Brand.objects.order_by("name")  # type: ignore[attr-defined]
        self.fields["location"].queryset = Location.objects.order_by("name")  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """As the action takes them."""
        values = dict(self.cleaned_data)
        values["origins"] = values["origins"].replace(",", "\n").split()
        if values["location"] and not values["brand"]:
            values["brand"] = values["location"].brand
        return values

    def options(self, name: str) -> list[tuple[int, str]]:
        return [(row.pk, row.name) for row in self.fields[name].queryset]  # type: ignore[attr-defined]


def of_source(source: Source) -> dict[str, Any]:
    """What the form starts from."""
    return {
        "title": source.title,
        "profile": source.profile,
        "channel": source.channel,
        "brand": source.brand_id,
        "location": source.location_id,
        "origins": "\n".join(source.origins),
        "honeypot": source.honeypot,
        "per_address": source.per_address,
        "per_source": source.per_source,
    }


NEW = {"profile": "form", "channel": "site", "honeypot": "website", "per_address": 60, "per_source": 1200}
