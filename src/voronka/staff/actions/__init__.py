"""Writes about people, their shifts and teams. `by` is whoever asks; for others a role needs `manage_people`."""

from .layout import keep_layout, layout_of
from .people import change_person, hire_person, set_active, set_password
from .profile import change_own_password, change_profile, set_theme, sign_out_elsewhere, touch
from .shifts import Planned, cancel_shift, plan_shift, plan_shifts
from .teams import make_team, remove_team, rename_team

__all__ = [
    "Planned",
    "cancel_shift",
    "change_own_password",
    "change_person",
    "change_profile",
    "hire_person",
    "keep_layout",
    "layout_of",
    "make_team",
    "plan_shift",
    "plan_shifts",
    "remove_team",
    "rename_team",
    "set_active",
    "set_password",
    "set_theme",
    "sign_out_elsewhere",
    "touch",
]
