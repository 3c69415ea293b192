"""Time zones that people choose from: those of Russia and its neighbours, named by a city and the hours from Moscow."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

#: zone, city, hours from Moscow
ZONES = (
    ("Europe/Kaliningrad", gettext_lazy("Kaliningrad"), -1),
    ("Europe/Moscow", gettext_lazy("Moscow"), 0),
    ("Europe/Minsk", gettext_lazy("Minsk"), 0),
    ("Europe/Samara", gettext_lazy("Samara"), 1),
    ("Asia/Yekaterinburg", gettext_lazy("Yekaterinburg"), 2),
    ("Asia/Almaty", gettext_lazy("Almaty"), 2),
    ("Asia/Omsk", gettext_lazy("Omsk"), 3),
    ("Asia/Novosibirsk", gettext_lazy("Novosibirsk"), 4),
    ("Asia/Krasnoyarsk", gettext_lazy("Krasnoyarsk"), 4),
    ("Asia/Irkutsk", gettext_lazy("Irkutsk"), 5),
    ("Asia/Yakutsk", gettext_lazy("Yakutsk"), 6),
    ("Asia/Vladivostok", gettext_lazy("Vladivostok"), 7),
    ("Asia/Magadan", gettext_lazy("Magadan"), 8),
    ("Asia/Kamchatka", gettext_lazy("Petropavlovsk-Kamchatsky"), 9),
)
KNOWN = frozenset(zone for zone, _city, _hours in ZONES)


def zone_choices(present: str = "") -> list[tuple[str, str]]:
    """Choices of a select; a present zone outside of the list stays choosable."""
    choices = [(zone, _title(str(city), hours)) for zone, city, hours in ZONES]
    if present and present not in KNOWN:
        choices.append((present, present))
    return choices


def _title(city: str, hours: int) -> str:
    if hours == 0:
        return _("%(city)s, Moscow time") % {"city": city}
    distance = ngettext("%(num)s hour", "%(num)s hours", abs(hours)) % {"num": abs(hours)}
    sign = "+" if hours > 0 else "−"
    return _("%(city)s, Moscow %(sign)s%(distance)s") % {"city": city, "sign": sign, "distance": distance}
