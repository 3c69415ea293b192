"""The sentence on top of the day: what waits. Whom to begin with, the template adds with a ticking clock."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .queries import Work


def sentence(work: Work) -> str:
    parts = []
    if work.waiting_count:
        parts.append(
            ngettext("%(num)s client waits for an answer", "%(num)s clients wait for an answer", work.waiting_count)
            % {"num": work.waiting_count}
        )
    if work.late_count:
        parts.append(
            ngettext("%(num)s task is overdue", "%(num)s tasks are overdue", work.late_count) % {"num": work.late_count}
        )
    if not parts and work.today_count:
        parts.append(
            ngettext("%(num)s task is left for today", "%(num)s tasks are left for today", work.today_count)
            % {"num": work.today_count}
        )
    if not parts and work.stepless_count:
        parts.append(
            ngettext("%(num)s deal has no next step", "%(num)s deals have no next step", work.stepless_count)
            % {"num": work.stepless_count}
        )
    if not parts:
        return _("Nothing waits for you.")
    text = ", ".join(parts)
    return text[0].upper() + text[1:] + "."
