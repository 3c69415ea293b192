"""What was said between the client and us, in a deal's history."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from voronka.channels.port import PartKind
from voronka.kernel.models import Event
from voronka.web import icons

from .telling import Said, Teller, bold, line

KINDS = ("message.received", "message.sent", "message.failed", "message.unknown")
PARTS = {
    PartKind.PICTURE: lambda: _("Picture"),
    PartKind.FILE: lambda: _("File"),
    PartKind.VOICE: lambda: _("Voice message"),
    PartKind.VIDEO: lambda: _("Video"),
    PartKind.STICKER: lambda: _("Sticker"),
    PartKind.LOCATION: lambda: _("Place"),
    PartKind.CONTACT: lambda: _("Contact"),
}


def say_message(event: Event, teller: Teller) -> Said | None:
    """The sentence of a message in a thread; what rules write by e-mail is told by `processsayings`."""
    data = event.data
    if event.kind not in KINDS or "author" not in data:
        return None
    channel = icons.channel(data.get("channel"))[1]
    body = data.get("text") or part_names(data.get("parts") or ())
    if event.kind == "message.received":
        title = line("%(who)s, %(channel)s", who=bold(teller.client), channel=channel)
        return Said(title=title, body=body, kind="say", icon="message")
    if event.kind == "message.sent":
        title = line("%(who)s, %(channel)s", who=teller.who(event), channel=channel)
        return Said(title=title, body=body, kind="out", icon="message")
    text = _("The message did not go: %(why)s") if event.kind == "message.failed" else "%(why)s"
    return Said(title=line(text, why=data.get("why", "")), body=body, kind="small", icon="message", tone="late")


def part_names(kinds: Sequence[str]) -> str:
    """What a message without words brought: «Фото, Файл»."""
    return ", ".join(name() for kind, name in PARTS.items() if kind.value in kinds)
