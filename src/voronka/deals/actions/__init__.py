from .assign_deal import AlreadyTaken, assign_deal, take_deal
from .change_deal import add_line, change_deal, remove_line
from .create_deal import create_deal
from .move_deal import move_deal
from .note_deal import add_note, attach_inquiry

__all__ = [
    "AlreadyTaken",
    "add_line",
    "add_note",
    "assign_deal",
    "attach_inquiry",
    "change_deal",
    "create_deal",
    "move_deal",
    "remove_line",
    "take_deal",
]
