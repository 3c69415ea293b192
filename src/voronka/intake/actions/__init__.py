from .mend_entries import mark_spam, mend_mapping, reject, replay
from .receive_walk_in import WalkIn, receive_walk_in
from .settle_entry import settle, settle_next
from .write_connections import (
    add_connection,
    change_connection,
    fill_connection,
    mend_connection,
    switch_off,
    switch_on,
)
from .write_sources import change_source, register_source, renew_key, switch_source

__all__ = [
    "WalkIn",
    "add_connection",
    "change_connection",
    "change_source",
    "fill_connection",
    "mark_spam",
    "mend_connection",
    "mend_mapping",
    "receive_walk_in",
    "register_source",
    "reject",
    "renew_key",
    "replay",
    "settle",
    "settle_next",
    "switch_off",
    "switch_on",
    "switch_source",
]
