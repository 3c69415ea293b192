"""Profiles: how deliveries of one kind of sender read. Adding one is one file and one line here."""

from voronka.channels import registry

from .channel import ChannelProfile
from .form import FormProfile
from .generic import GenericProfile
from .marquiz import MarquizProfile
from .port import BodyError, NotAnInquiry, Profile, Receipt, Reply
from .tilda import TildaProfile
from .walk_in import WalkInProfile


class _Profiles(dict[str, Profile]):
    """By key; every channel that is wired has one, too."""

    def __missing__(self, key: str) -> Profile:
        if key not in registry.known():
            raise KeyError(key)
        return self.setdefault(key, ChannelProfile(key))


PROFILES: dict[str, Profile] = _Profiles(
    (profile.key, profile)
    for profile in (TildaProfile(), MarquizProfile(), FormProfile(), GenericProfile(), WalkInProfile())
)

__all__ = ["PROFILES", "BodyError", "NotAnInquiry", "Profile", "Receipt", "Reply"]
