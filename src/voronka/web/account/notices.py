"""One's own notices on the profile page: which kinds where, and when nothing may disturb."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voronka.kernel.errors import FieldErrors
from voronka.notices import actions, kinds, mail, queries
from voronka.staff.models import Person
from voronka.web.requests import PersonRequest

from . import profile
from .forms import HoursForm, first_errors


@login_required
@require_POST
def notices(request: PersonRequest) -> HttpResponse:
    form, chosen = HoursForm(request.POST), _chosen(request)
    errors = first_errors(form)
    if not errors:
        try:
            actions.choose(request.user, by=request.user.actor, channels=chosen, **form.cleaned_data)
            return profile.back("notices")
        except FieldErrors as refused:
            errors = refused.errors
    typed = settings(request.user) | {"hours": form.data, "chosen": chosen}
    return profile.page(request, errors=errors, notice_settings=typed, status=422)


def settings(person: Person) -> dict:
    """What the section of the page shows: lines, columns, what is chosen, the hours."""
    lines = kinds.of(person)
    choices, hours = queries.choices_of(person), queries.hours_of(person)
    return {
        "lines": lines,
        "channels": [
            ("page", _("Bell")),
            ("push", _("Devices")),
            *([("email", _("E-mail"))] if mail.is_set_up() else []),
        ],
        "chosen": {
            line.key: [channel for channel in actions.CHANNELS if getattr(choices[line.key], channel)] for line in lines
        },
        "hours": {
            "quiet_from": _clock(hours.quiet_from),
            "quiet_till": _clock(hours.quiet_till),
            "urgent_anyway": hours.urgent_anyway,
            "on_shift_only": hours.on_shift_only,
        },
    }


def _chosen(request: PersonRequest) -> dict[str, list[str]]:
    """As the page was sent; what it did not offer stays: a kind of others, letters while mail is not set up."""
    now = settings(request.user)
    offered = {channel for channel, _title in now["channels"]}
    choices = queries.choices_of(request.user)
    lines = {line.key for line in now["lines"]}
    chosen = {}
    for kind in kinds.KINDS:
        sent = request.POST.getlist(f"where-{kind.key}") if kind.key in lines else ()
        kept = [one for one in actions.CHANNELS if kind.key not in lines or one not in offered]
        chosen[kind.key] = [*sent, *(one for one in kept if getattr(choices[kind.key], one))]
    return chosen


def _clock(at) -> str:
    return f"{at:%H:%M}" if at else ""
