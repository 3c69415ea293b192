"""When a task comes again: the ways people choose, as an RRULE (RFC 5545). Pure; moments are local, without a zone."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

EVERY = ("daily", "weekdays", "weekly", "monthly")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, kw_only=True)
class Repeat:
    """`every` is one of EVERY; `days` (Monday is 0) say on which days of the week; `until` is the last day."""

    every: str
    days: tuple[int, ...] = ()
    until: date | None = None

    def rule(self, starts: date) -> str:
        """The RRULE of a series whose first task is on that day."""
        parts = {
            "daily": "FREQ=DAILY",
            "weekdays": f"FREQ=WEEKLY;BYDAY={','.join(_DAYS[:5])}",
            "weekly": f"FREQ=WEEKLY;BYDAY={','.join(_DAYS[day] for day in sorted(self.days or (starts.weekday(),)))}",
            "monthly": f"FREQ=MONTHLY;{_day_of_month(starts.day)}",
        }[self.every]
        return parts + (f";UNTIL={self.until:%Y%m%d}T235959" if self.until else "")

    @classmethod
    def of(cls, rule: str) -> "Repeat":
        """Read a rule that `rule()` has written."""
        parts = dict(part.split("=") for part in rule.split(";"))
        until = datetime.strptime(parts["UNTIL"][:8], "%Y%m%d").date() if "UNTIL" in parts else None
        days = tuple(_DAYS.index(day) for day in parts.get("BYDAY", "").split(",") if day)
        if parts["FREQ"] != "WEEKLY":
            return cls(every=parts["FREQ"].lower(), until=until)
        return (
            cls(every="weekdays", until=until)
            if days == (0, 1, 2, 3, 4)
            else cls(every="weekly", days=days, until=until)
        )


def next_after(moment: datetime, *, rule: str, starts_at: datetime, zone: ZoneInfo) -> datetime | None:
    """The first turn after a moment; None when there is none any more. Turns keep the hour when clocks change."""
    turns = rrulestr(rule, dtstart=_naive(starts_at, zone))
    found = turns.after(_naive(moment, zone))
    return found.replace(tzinfo=zone) if found else None


def turns_between(first: datetime, end: datetime, *, rule: str, starts_at: datetime, zone: ZoneInfo) -> list[datetime]:
    """All turns after one moment and before another."""
    turns = rrulestr(rule, dtstart=_naive(starts_at, zone))
    return [turn.replace(tzinfo=zone) for turn in turns.between(_naive(first, zone), _naive(end, zone))]


def _naive(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _day_of_month(day: int) -> str:
    """The 31st is the last day of a shorter month."""
    if day <= 28:
        return f"BYMONTHDAY={day}"
    return f"BYMONTHDAY={','.join(str(one) for one in range(28, day + 1))};BYSETPOS=-1"
