from .lead import close, hand_over, read, reopen, snooze, take
from .revise import delete, edit
from .write import cancel, confirm, retry, save_draft, say_typing, send_now, write

__all__ = [
    "cancel",
    "close",
    "confirm",
    "delete",
    "edit",
    "hand_over",
    "read",
    "reopen",
    "retry",
    "save_draft",
    "say_typing",
    "send_now",
    "snooze",
    "take",
    "write",
]
