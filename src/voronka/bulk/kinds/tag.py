from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Self

from django.utils.translation import gettext as _

from voronka.clients.tags import LONGEST, known_tags, titles_of
from voronka.deals.access import change_refusal
from voronka.deals.actions import tag_deals
from voronka.deals.models import Deal
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors

from ._base import Judgement, Kind


@dataclass(kw_only=True)
class TagThem(Kind):
    """Hang tags on, take tags off."""

    key: ClassVar[str] = "tag"
    add: Sequence[str] = ()
    remove: Sequence[str] = ()

    @classmethod
    def read(cls, arguments: Mapping[str, Any]) -> Self:
        add, remove = titles_of(str(arguments.get("add", ""))), titles_of(str(arguments.get("remove", "")))
        if not add and not remove:
            raise FieldErrors({"add": _("Write a tag to hang on or to take off.")})
        if any(len(title) > LONGEST for title in add):
            raise FieldErrors({"add": _("At most %(most)s characters in a tag.") % {"most": LONGEST}})
        known = {title.casefold() for title in cls._titles().values()}
        if unknown := [title for title in remove if title.casefold() not in known]:
            raise FieldErrors({"remove": _("There is no tag “%(title)s”.") % {"title": unknown[0]}})
        if both := {title.casefold() for title in add} & {title.casefold() for title in remove}:
            raise FieldErrors(
                {"remove": _("“%(title)s” can't be hung on and taken off at once.") % {"title": min(both)}}
            )
        return cls(add=add, remove=remove)

    @property
    def arguments(self) -> dict[str, Any]:
        return {"add": ", ".join(self.add), "remove": ", ".join(self.remove)}

    @property
    def title(self) -> str:
        signed = [*(f"+{title}" for title in self.add), *(f"\u2212{title}" for title in self.remove)]
        return _("Tags: %(tags)s") % {"tags": ", ".join(signed)}

    @cached_property
    def known(self) -> dict[str, str]:
        """Key of each tag → its title."""
        return self._titles()

    def judge(self, deal: Deal, by: Actor) -> Judgement:
        if no := change_refusal(by, deal):
            return Judgement(refusal=no.reason)
        hung = {self.known[key].casefold() for key in deal.tags if key in self.known}
        coming = [title for title in self.add if title.casefold() not in hung]
        going = [title for title in self.remove if title.casefold() in hung]
        return Judgement(old=", ".join(going), new=", ".join(coming), same=not coming and not going)

    def run(self, deal_ids: Sequence[int], by: Actor) -> dict[int, str]:
        named = {title.casefold() for title in self.remove}
        keys = [key for key, title in self.known.items() if title.casefold() in named]
        return {pk: no.reason for pk, no in tag_deals(deal_ids, by=by, add=self.add, remove=keys).items()}

    @staticmethod
    def _titles() -> dict[str, str]:
        return {key: tag.title for key, tag in known_tags().items()}
