"""Small values of the document: keys, references, durations, due moments, texts with placeholders.

All are strings as people wrote them, so that a document comes back as it was; each knows its own meaning.
`refers()` tells the checks what must exist elsewhere in the document.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import time, timedelta
from functools import lru_cache
from typing import Annotated, Any, ClassVar

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from pydantic import BaseModel, ConfigDict, StringConstraints
from pydantic_core import core_schema

from voronka.kernel.calendars import Length

KEY = r"[a-z][a-z0-9_-]*"

Key = Annotated[str, StringConstraints(pattern=rf"^{KEY}$", max_length=60)]
Title = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]

#: What a reference may point at.
STAGE, FUNNEL, ROLE, FIELD, TASK_KIND, RULE, BRAND, LOCATION, CALENDAR, PLACEHOLDER, TEMPLATE, SEGMENT, REASON = (
    "stage", "funnel", "role", "field", "task_kind", "rule", "brand", "location", "calendar", "placeholder",
    "template", "segment", "reason",
)  # fmt: skip


class Part(BaseModel):
    """A piece of the document. Unknown keys are mistakes; nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Written(str):
    """A string with a meaning, checked when the document is loaded."""

    pattern: ClassVar[str] = rf"^{KEY}$"

    @classmethod
    def complaint(cls) -> str:
        raise NotImplementedError

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(
            cls._checked, core_schema.str_schema(), serialization=core_schema.plain_serializer_function_ser_schema(str)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> dict[str, Any]:
        return {"type": "string", "pattern": cls.pattern}

    @classmethod
    def _checked(cls, text: str) -> "Written":
        if not re.fullmatch(cls.pattern, text):
            raise ValueError(cls.complaint())
        return cls(text)

    def refers(self) -> Iterator[tuple[str, str]]:
        return iter(())


class Reference(Written):
    """A key of something declared elsewhere in the document."""

    kind: ClassVar[str]

    @classmethod
    def complaint(cls) -> str:
        return _("Write a key: Latin letters, digits, dashes and underscores.")

    def refers(self) -> Iterator[tuple[str, str]]:
        yield self.kind, str(self)


class StageRef(Reference):
    """«funnel/stage»."""

    kind = STAGE
    pattern = rf"^{KEY}/{KEY}$"

    @classmethod
    def complaint(cls) -> str:
        return _("Write a stage as «funnel/stage», for example first/taken.")


class FunnelRef(Reference):
    kind = FUNNEL


class RoleRef(Reference):
    kind = ROLE


class FieldRef(Reference):
    kind = FIELD


class TaskKindRef(Reference):
    kind = TASK_KIND


class RuleRef(Reference):
    kind = RULE


class BrandRef(Reference):
    kind = BRAND


class LocationRef(Reference):
    kind = LOCATION


class CalendarRef(Reference):
    kind = CALENDAR


class TemplateRef(Reference):
    kind = TEMPLATE


class SegmentRef(Reference):
    kind = SEGMENT


class ReasonRef(Reference):
    """A reason of loss of any funnel."""

    kind = REASON


class Clock(Reference):
    """What a duration is counted in: `wall`, the clock on the wall, or a working calendar by its key."""

    kind = CALENDAR

    def refers(self) -> Iterator[tuple[str, str]]:
        if self != "wall":
            yield self.kind, str(self)


_DURATION = r"[1-9][0-9]{0,4} (?:minute|hour|day|week)s?"


class Duration(Written):
    """«5 minutes», «1 day»."""

    pattern = rf"^{_DURATION}$"

    @classmethod
    def complaint(cls) -> str:
        return _("Write a duration, for example «5 minutes», «3 hours» or «1 day».")

    @property
    def delta(self) -> timedelta:
        """So long by the clock on the wall."""
        return self.length.wall

    @property
    def length(self) -> Length:
        return _length(str(self))

    @property
    def words(self) -> str:
        """In the reader's language."""
        number, unit = int(self.split()[0]), self.split()[1].rstrip("s")
        form = {
            "minute": ngettext("%(num)d minute", "%(num)d minutes", number),
            "hour": ngettext("%(num)d hour", "%(num)d hours", number),
            "day": ngettext("%(num)d day", "%(num)d days", number),
            "week": ngettext("%(num)d week", "%(num)d weeks", number),
        }[unit]
        return form % {"num": number}


@lru_cache(maxsize=1024)
def _length(text: str) -> Length:
    number, unit = text.split()
    return Length(int(number), unit.rstrip("s"))


class TimeOfDay(Written):
    """«09:30»."""

    pattern = r"^(?:[01][0-9]|2[0-3]):[0-5][0-9]$"

    @classmethod
    def complaint(cls) -> str:
        return _("Write a time of day, for example «09:30».")

    @property
    def time(self) -> time:
        return time.fromisoformat(self)


class Hours(Written):
    """«09:00-18:00»; «22:00-24:00» ends at midnight."""

    pattern = r"^(?:[01][0-9]|2[0-3]):[0-5][0-9]-(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"

    @classmethod
    def complaint(cls) -> str:
        return _("Write hours from and to, for example «09:00-18:00».")

    @classmethod
    def _checked(cls, text: str) -> "Written":
        found = super()._checked(text)
        if found[:5] >= found[6:]:
            raise ValueError(_("These hours end before they begin."))
        return found

    @property
    def minutes(self) -> tuple[int, int]:
        """Minutes from midnight: begin and end."""
        return _minutes(self[:5]), _minutes(self[6:])


def _minutes(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = "|".join(WEEK)


class Days(Written):
    """A day of the week or a row of them: «sat», «mon-fri»."""

    pattern = rf"^(?:{_DAY})(?:-(?:{_DAY}))?$"

    @classmethod
    def complaint(cls) -> str:
        return _("Write a day of the week or a row of them: «sat», «mon-fri».")

    @property
    def days(self) -> range:
        """0 is Monday."""
        first, _dash, last = self.partition("-")
        return range(WEEK.index(first), WEEK.index(last or first) + 1)

    @property
    def words(self) -> str:
        """In the reader's language: «Monday», «Monday to Friday»."""
        names = [str(WEEKDAYS[day]) for day in (self.days[0], self.days[-1])]
        return names[0] if len(self.days) == 1 else _("{first} to {last}").format(first=names[0], last=names[1])


class Due(Written):
    """A moment: «5 minutes» from now, or by a field: «1 day before game_date at 12:00», «game_date at game_time»."""

    pattern = rf"^(?:{_DURATION}|(?:(?:{_DURATION}) (?:before|after) )?{KEY}(?: at (?:[0-2][0-9]:[0-5][0-9]|{KEY}))?)$"

    @classmethod
    def complaint(cls) -> str:
        return _("Write when: «5 minutes», or by a date field: «1 day before game_date at 12:00».")

    @property
    def in_(self) -> Duration | None:
        """The plain form: so long from now."""
        return Duration(self) if re.fullmatch(Duration.pattern, self) else None

    @property
    def field(self) -> str:
        return self._match("field")

    @property
    def shift(self) -> timedelta:
        duration = self._match("duration")
        if not duration:
            return timedelta()
        return Duration(duration).delta * (-1 if self._match("side") == "before" else 1)

    @property
    def clock(self) -> time | None:
        """A fixed time of that day."""
        text = self._match("at")
        return time.fromisoformat(text) if text[:1].isdigit() else None

    @property
    def clock_field(self) -> str:
        text = self._match("at")
        return "" if text[:1].isdigit() else text

    def refers(self) -> Iterator[tuple[str, str]]:
        if not self.in_:
            yield FIELD, self.field
            if self.clock_field:
                yield FIELD, self.clock_field

    def _match(self, name: str) -> str:
        return _parts_of_due(str(self)).get(name) or ""


_BY_FIELD = rf"(?:(?P<duration>{_DURATION}) (?P<side>before|after) )?(?P<field>{KEY})(?: at (?P<at>\S+))?"


@lru_cache(maxsize=1024)
def _parts_of_due(text: str) -> Mapping[str, str | None]:
    found = re.fullmatch(_BY_FIELD, text)
    return found.groupdict() if found else {}


class Text(Written):
    """Words for people with placeholders in braces: «{client} ждёт ответа {waited}»."""

    pattern = r"^[\s\S]{1,1000}$"

    @classmethod
    def complaint(cls) -> str:
        return _("Write 1 to 1000 characters.")

    def refers(self) -> Iterator[tuple[str, str]]:
        for name in re.findall(r"\{([^{}]*)\}", self):
            yield PLACEHOLDER, name

    def fill(self, values: dict[str, str]) -> str:
        """Unknown placeholders can't be here: the checks refuse them."""
        return re.sub(r"\{([^{}]*)\}", lambda found: values.get(found[1], ""), self)


class HookTitle(Written):
    """An outgoing webhook of the settings, by its title."""

    pattern = r"^.{1,200}$"

    @classmethod
    def complaint(cls) -> str:
        return _("Write the title of a webhook, up to 200 characters.")


class Speech(Text):
    """What to say: known placeholders are filled in, other words in braces are left to whoever speaks."""

    pattern = r"^[\s\S]{1,20000}$"

    @classmethod
    def complaint(cls) -> str:
        return _("Write 1 to 20 000 characters.")

    def refers(self) -> Iterator[tuple[str, str]]:
        return iter(())
