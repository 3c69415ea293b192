"""Writes about saved views. Every one raises Refusal when the person may not, FieldErrors when a title is wrong."""

from .write_views import (
    change_view,
    copy_view,
    move_view,
    overwrite_view,
    pin_view,
    remove_view,
    restore_view,
    save_view,
)

__all__ = [
    "change_view", "copy_view", "move_view", "overwrite_view", "pin_view", "remove_view", "restore_view", "save_view",
]  # fmt: skip
