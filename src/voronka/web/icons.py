"""Which icon stands for what. Every string in this file with a Tabler icon's name goes into the sprite."""

from django.utils.translation import gettext_lazy as _

# channel of a source or a message: icon, name
CHANNELS = {
    "telegram": ("brand-telegram", "Telegram"),
    "whatsapp": ("brand-whatsapp", "WhatsApp"),
    "vk": ("brand-vk", _("VKontakte")),
    "instagram": ("brand-instagram", "Instagram"),
    "call": ("phone", _("Call")),
    "map": ("map-pin", _("Call from maps")),
    "email": ("mail", _("E-mail")),
    "site": ("world", _("Form on the site")),
    "quiz": ("list-check", _("Quiz")),
    "aggregator": ("puzzle", _("Aggregator")),
    "walk_in": ("walk", _("Came in person")),
    "campaign": ("speakerphone", _("Reply to a campaign")),
    "sms": ("message", _("SMS")),
    "api": ("webhook", _("Another system")),
    "import": ("file-import", _("Import")),
}
UNKNOWN_CHANNEL = ("circle-dotted", _("Source unknown"))

# kind of a task
TASKS = {
    "call": "phone",
    "message": "message",
    "mail": "mail",
    "meeting": "users",
    "inquiry": "inbox",
    "todo": "checkbox",
    "reminder": "alarm",
    "hold": "clock",
    "control": "eye",
}
TASK = "checkbox"

# what a kind of task may wear
TASK_KINDS = {
    "checkbox": _("Tick"),
    "phone": _("Phone"),
    "message": _("Message"),
    "mail": _("Letter"),
    "users": _("People"),
    "bolt": _("Lightning"),
    "puzzle": _("Puzzle"),
    "star": _("Star"),
    "cake": _("Cake"),
    "note": _("Note"),
    "eye": _("Eye"),
    "headphones": _("Headphones"),
    "map-pin": _("Place"),
    "gift": _("Gift"),
    "tool": _("Tool"),
    "coin": _("Coin"),
    "file-text": _("Document"),
    "truck-delivery": _("Delivery"),
}

# how a step stands: colour says when, this says that there is none
NO_STEP = "alert-triangle"
LATE_STEP = "alarm"
TODAY_STEP = "clock"

# the button of a menu of a row
MENU = "dots"

# kinds of entry in a timeline
ENTRIES = {
    "deal.created": "sparkles",
    "deal.taken": "hand-stop",
    "deal.moved": "arrow-right",
    "deal.won": "trophy",
    "deal.lost": "circle-x",
    "deal.reopened": "arrow-back-up",
    "deal.changed": "pencil",
    "deal.handed": "user-share",
    "deal.tagged": "tag",
    "deal.restored": "arrow-back-up",
    "deal.linked": "link",
    "note.added": "note",
    "task.added": "checkbox",
    "task.done": "check",
    "task.moved": "clock-edit",
    "task.cancelled": "square-x",
    "inquiry": "inbox",
    "line.added": "shopping-bag",
    "message": "message",
    "client.changed": "user-edit",
    "notice": "bell",
    "rule": "robot",
}
ENTRY = "point"


def channel(key: str | None) -> tuple[str, str]:
    """Icon and name of a channel; an unknown key is shown as unknown, never as an error."""
    icon, name = CHANNELS.get(key or "", UNKNOWN_CHANNEL)
    return icon, str(name)


def task(kind: str | None) -> str:
    """Icon of a task's kind."""
    return TASKS.get(kind or "", TASK)


def entry(kind: str) -> str:
    """Icon of a timeline entry: its own, else its family's («note.pinned» → «note»)."""
    return ENTRIES.get(kind) or ENTRIES.get(kind.split(".", 1)[0]) or ENTRY
