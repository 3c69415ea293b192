from .assign_deal import AlreadyTaken, assign_deal, assign_deals, take_deal
from .change_deal import add_line, change_deal, remove_line
from .copy_deal import copy_deal
from .create_deal import create_deal
from .create_deals import create_deals
from .decide_approval import ask_approval, decide_approval, move_or_ask
from .draft_messages import draft_messages, drop_draft, send_draft
from .edit_deal import Edit, StepChange, edit_deal
from .field_files import hold_file, put_files
from .follow_deal import follow_deal
from .link_deals import link_deals, unlink_deals
from .merge_clients import merge_clients, merge_many_clients
from .merge_contacts import merge_contacts, merge_many_contacts
from .merge_deals import merge_deals, merge_many_deals
from .move_deal import move_deal
from .note_deal import add_note, attach_inquiry
from .note_templates import remove_template, save_template
from .own_note import delete_note, edit_note, pin_note, restore_note
from .place_deal import place_deal
from .plan_step import Step, finish_step, plan_step
from .read_deal import read_deal
from .remove_deals import remove_deals
from .resettle_deals import resettle_deals
from .tag_deals import tag_deals
from .take_back import take_back_move
from .trace import Trace, take_back, traced
from .transfer_deal import transfer_deal
from .undo_merge import undo_merge, undo_merges

__all__ = [
    "AlreadyTaken",
    "Edit",
    "Step",
    "StepChange",
    "Trace",
    "add_line",
    "add_note",
    "ask_approval",
    "assign_deal",
    "assign_deals",
    "attach_inquiry",
    "change_deal",
    "copy_deal",
    "create_deal",
    "create_deals",
    "decide_approval",
    "delete_note",
    "draft_messages",
    "drop_draft",
    "edit_deal",
    "edit_note",
    "finish_step",
    "follow_deal",
    "hold_file",
    "link_deals",
    "merge_clients",
    "merge_contacts",
    "merge_deals",
    "merge_many_clients",
    "merge_many_contacts",
    "merge_many_deals",
    "move_deal",
    "move_or_ask",
    "pin_note",
    "place_deal",
    "plan_step",
    "put_files",
    "read_deal",
    "remove_deals",
    "remove_line",
    "remove_template",
    "resettle_deals",
    "restore_note",
    "save_template",
    "send_draft",
    "tag_deals",
    "take_back",
    "take_back_move",
    "take_deal",
    "traced",
    "transfer_deal",
    "undo_merge",
    "undo_merges",
    "unlink_deals",
]
