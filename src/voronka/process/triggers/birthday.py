from typing import Literal

from django.utils.translation import gettext as _

from ..outline import Outline
from ..values import Duration, TimeOfDay
from ._base import CLIENT
from ._timed import TimedTrigger


class Birthday(TimedTrigger):
    """A contact of a client has birthday, or will have it in `before`; fires `at` this hour of that day.

    `whose`: grown-ups, children or both. The rule is about the client.
    """

    event: Literal["birthday"]
    before: Duration | None = None
    at: TimeOfDay = TimeOfDay("10:00")
    whose: Literal["anybody", "adults", "children"] = "anybody"

    @property
    def subject(self) -> str:
        return CLIENT

    def sentence(self, outline: Outline) -> str:
        what = {
            "anybody": _("on the birthday of a contact"),
            "adults": _("on the birthday of a grown-up"),
            "children": _("on the birthday of a child"),
        }[self.whose]
        if self.before:
            return _("At {time}, {before} before: {what}").format(time=self.at, before=self.before.words, what=what)
        return _("At {time} {what}").format(time=self.at, what=what)

    def cancels(self) -> str:
        return _("not if the date is changed before")
