"""Profiles: how deliveries of one kind of sender read. Adding one is one file and one line here."""

from .form import FormProfile
from .generic import GenericProfile
from .marquiz import MarquizProfile
from .port import BodyError, NotAnInquiry, Profile, Receipt, Reply
from .tilda import TildaProfile
from .walk_in import WalkInProfile

PROFILES: dict[str, Profile] = {
    profile.key: profile
    for profile in (TildaProfile(), MarquizProfile(), FormProfile(), GenericProfile(), WalkInProfile())
}

__all__ = ["PROFILES", "BodyError", "NotAnInquiry", "Profile", "Receipt", "Reply"]
