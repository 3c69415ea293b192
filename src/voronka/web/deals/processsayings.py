"""What the process left in a deal's history besides moves and tasks: a head's yes, messages, buttons."""

from django.utils.translation import gettext as _

from voronka.kernel.models import Event
from voronka.messages.ports import channels

from .telling import Said, Teller, bold, line, quoted

_MESSAGES = {
    "message.drafted": ("", lambda: _("%(who)s prepared a draft, %(channel)s")),
    "message.sent": ("", lambda: _("A message to the client by %(channel)s")),
    "message.held": ("today", lambda: _("A message to the client waits for people: %(why)s")),
    "message.failed": ("late", lambda: _("A message to the client did not go: %(why)s")),
}
_APPROVALS = {
    "approval.asked": lambda: _("%(who)s asks for a yes to move to %(stage)s"),
    "approval.given": lambda: _("%(who)s said yes to the move to %(stage)s"),
    "approval.refused": lambda: _("%(who)s said no to the move to %(stage)s"),
}


def say_process(event: Event, teller: Teller) -> Said | None:
    """The sentence of an event that only the process makes."""
    data = event.data
    if event.kind in _MESSAGES:
        tone, text = _MESSAGES[event.kind]
        title = line(text(), who=teller.who(event), channel=_by(data.get("channel", "")), why=data.get("why", ""))
        return Said(title=title, body=data.get("text", ""), icon="rule", tone=tone)
    if event.kind in _APPROVALS:
        title = line(_APPROVALS[event.kind](), who=teller.who(event), stage=bold(quoted(data.get("to_title", ""))))
        return Said(title=title, body=data.get("comment", ""), icon="deal.moved")
    if event.kind == "rule.pressed":
        title = line(_("%(who)s pressed %(label)s"), who=teller.who(event), label=quoted(data.get("label", "")))
        return Said(title=title, icon="rule")
    return None


def _by(channel: str) -> str:
    known = channels().get(channel)
    return str(known.title) if known else channel
