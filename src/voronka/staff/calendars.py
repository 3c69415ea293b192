"""Working calendars of the company, from the plain form in which the process document and stages keep them.

`{}` is day and night; `{"hours": "shifts", "roles": […]}` while somebody of the roles is on shift; else `week` holds
the hours of seven days, with `breaks`, `country`, `off` and `on`; see `kernel.calendars.Weekly`.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from voronka.kernel import clock
from voronka.kernel.calendars import ALWAYS, Calendar, Shifts, Weekly

from .models import Shift
from .queries import asked_once, company_zone

#: Shifts that are long over are not looked at: before them the clock on the wall counts.
LOOK_BACK = timedelta(days=92)


def calendar_of(spec: Mapping[str, Any]) -> Calendar:
    """The calendar of a plain form. One of shifts asks the database for them."""
    if not spec:
        return ALWAYS
    zone = company_zone()
    if spec.get("hours") == "shifts":
        roles = tuple(spec["roles"])
        return asked_once(("shifts", roles), lambda: _of_shifts(roles, zone))
    return _weekly(json.dumps(spec, sort_keys=True), zone)


def _of_shifts(roles: Sequence[str], zone: ZoneInfo) -> Calendar:
    planned = Shift.objects.filter(person__is_active=True, span__endswith__gt=clock.now() - LOOK_BACK)
    if roles:
        planned = planned.filter(person__role__key__in=roles)
    return Shifts(zone, [(span.lower, span.upper) for span in planned.values_list("span", flat=True)])


@lru_cache(maxsize=64)
def _weekly(text: str, zone: ZoneInfo) -> Calendar:
    spec = json.loads(text)
    return Weekly(
        zone,
        [tuple(hours) if hours else None for hours in spec["week"]],
        breaks=[tuple(part) for part in spec.get("breaks", ())],
        country=spec.get("country", ""),
        off=[date.fromisoformat(day) for day in spec.get("off", ())],
        on={date.fromisoformat(day): tuple(hours) for day, hours in spec.get("on", {}).items()},
    )
