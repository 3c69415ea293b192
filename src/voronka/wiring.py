"""Who hears what, and what runs all the time. The whole wiring of the system can be read on this page."""

from voronka.kernel.kinds import FOREIGN

_NEXT_STEP = "voronka.deals.reactions.refresh_next_step"
_RULES = "voronka.process.engine.react"
_ANSWERS = "voronka.conversations.reactions.follow_owner"
_THREAD = "voronka.conversations.reactions.follow_merges"

#: Event kind → handlers in order; they run inside the transaction of the event.
HANDLERS: dict[str, list[str]] = {
    "deal.created": [_RULES],
    "deal.moved": [_RULES],
    "deal.taken": ["voronka.deals.reactions.settle_inquiry", _ANSWERS, _RULES],
    "deal.assigned": [_ANSWERS, _RULES],
    "deal.changed": ["voronka.process.waits.follow", _RULES],
    "inquiry.attached": [_RULES],
    "client.registered": [_RULES],
    "contact.added": [_RULES],
    "client.merged": [_THREAD],
    "client.parted": [_THREAD],
    "note.added": ["voronka.conversations.reactions.show_notes"],
    "rule.knocked": [_RULES],
    "rule.pressed": [_RULES],
    "task.created": [_NEXT_STEP],
    "task.changed": [_NEXT_STEP],
    "task.done": [_NEXT_STEP, _RULES],
    "task.cancelled": [_NEXT_STEP, _RULES],
    "task.reopened": [_NEXT_STEP],
    "task.reminder": ["voronka.deals.reminders.remind"],
}

HANDLERS |= {kind: [_RULES] for kind in FOREIGN}

#: What of an event's data is hidden from whom. See `kernel.events.veil`.
VEIL = "voronka.deals.veil.veil"

#: Who fills `{Field}` in a text from a card. See `deals.filling`.
FILLING = "voronka.web.deals.filling.CardFilling"

#: Loops of the worker: `async def run(stop: asyncio.Event) -> None`.
BACKGROUND: list[str] = [
    "voronka.intake.drain.run",
    "voronka.process.ticker.run",
    "voronka.tasks.ticker.run",
    "voronka.hooks.sender.run",
    "voronka.conversations.sender.run",
    "voronka.intake.poller.run",
]

#: By what clients are written to: key → a `messages.ports.Channel`.
CHANNELS: dict[str, str] = {
    "email": "voronka.messages.channels.email.Email",
}

#: Where clients write and are answered: key → a `channels.port.Channel`. One folder, one line.
CONVERSATION_CHANNELS: dict[str, str] = {
    "telegram": "voronka.channels.telegram.Telegram",
}

#: What can be filtered: key of a base → its factory. See `kernel.filters`.
BASES: dict[str, str] = {
    "deals": "voronka.deals.filters.base",
    "passages": "voronka.deals.filters.passages_base",
    "tasks": "voronka.tasks.filters.base",
    "clients": "voronka.clients.filters.base",
    "contacts": "voronka.clients.filters.contacts_base",
    "identities": "voronka.clients.filters.identities_base",
    "addresses": "voronka.clients.filters.addresses_base",
    "requisites": "voronka.clients.filters.requisites_base",
}

#: Parts of the system that rules may need and that are at work here: key → «is it set up?». See `process.parts`.
PARTS: dict[str, str] = {}
