from .mend_entries import mark_spam, mend_mapping, reject, replay
from .receive_walk_in import WalkIn, receive_walk_in
from .settle_entry import settle, settle_next
from .write_sources import change_source, register_source, renew_key, switch_source

__all__ = [
    "WalkIn",
    "change_source",
    "mark_spam",
    "mend_mapping",
    "receive_walk_in",
    "register_source",
    "reject",
    "renew_key",
    "replay",
    "settle",
    "settle_next",
    "switch_source",
]
