from django.utils.translation import gettext as _

from ._base import Happening, InFunnels


class MessageTrigger(InFunnels):
    """What triggers of messages share: the channels they listen to, all without `channels`."""

    channels: list[str] = []

    def matches(self, happening: Happening) -> bool:
        fits = not self.channels or happening.data.get("channel") in self.channels
        return fits and super().matches(happening)

    def by_channels(self, text: str) -> str:
        if not self.channels:
            return text
        return _("{text} by {channels}").format(text=text, channels=_(" or ").join(self.channels))
