from .lead import close, hand_over, read, reopen, snooze, take
from .quick import remove_quick_reply, save_quick_reply
from .revise import delete, edit
from .write import cancel, confirm, line_by, retry, save_draft, say_typing, send_now, write

__all__ = [
    "cancel",
    "close",
    "confirm",
    "delete",
    "edit",
    "hand_over",
    "line_by",
    "read",
    "remove_quick_reply",
    "reopen",
    "retry",
    "save_draft",
    "save_quick_reply",
    "say_typing",
    "send_now",
    "snooze",
    "take",
    "write",
]
