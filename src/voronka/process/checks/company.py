"""What the document asks of the company: people in the roles it gives work to, channels it writes in."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from .. import values
from ..schema import Process
from ..steps import Webhook
from ..values import RoleRef
from ._base import WARNING, Company, Finding, steps, written

#: «In the channel the client wrote in last»: always there.
LAST = "last"


def roles_have_people(process: Process, company: Company) -> Iterator[Finding]:
    """A task, a notice or a hand-over for a role that nobody has."""
    for path, _rule, step in steps(process):
        for place, ref in written(step, path):
            if isinstance(ref, RoleRef) and ref not in company.manned and process.outline.knows(values.ROLE, ref):
                title = process.outline.title(values.ROLE, ref)
                yield Finding(
                    place,
                    _("Nobody has the role «{role}»: nobody will get this.").format(role=title),
                    remedy=_("Let somebody in with this role, or name another one."),
                    level=WARNING,
                )


def channels_are_set_up(process: Process, company: Company) -> Iterator[Finding]:
    """A message in a channel that can't send."""
    for path, _rule, step in steps(process):
        for key in getattr(step, "channels", ()):
            if key != LAST and key not in company.channels:
                yield Finding(
                    (*path, "channels"),
                    _("The channel «{channel}» isn't set up: the message won't go out there.").format(channel=key),
                    remedy=_("Connect it in the settings, or name another one."),
                    level=WARNING,
                )


def hooks_are_there(process: Process, company: Company) -> Iterator[Finding]:
    """A call of a webhook that isn't there, or is switched off."""
    for path, _rule, step in steps(process):
        if isinstance(step, Webhook) and step.hook and company.hooks is not None and step.hook not in company.hooks:
            yield Finding(
                (*path, "hook"),
                _("No webhook «{title}» is switched on: nobody will be told.").format(title=step.hook),
                remedy=_("Make it in the settings, or name another one."),
                level=WARNING,
            )
