"""What people are told of: each kind is one line of a person's notice settings."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from voronka.staff.models import Person

#: Kinds that have no line of their own belong to this one.
REST = "rule"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """`needs`: told only to whoever has this permission. `always`: it cannot be taken off the page."""

    key: str
    title: str | Promise
    needs: str = ""
    always: bool = False


KINDS = (
    Kind(key="urgent", title=_("Urgent: an inquiry nobody answers and the like"), always=True),
    Kind(key="mention", title=_("Somebody mentions me in a note")),
    Kind(key="reminder", title=_("Reminders of my tasks")),
    Kind(key="bulk", title=_("My work on many deals has ended")),
    Kind(key=REST, title=_("What the rules of the process tell, and the rest")),
    Kind(key="alarm", title=_("Faults: a rule was set aside and the like"), needs="manage_process", always=True),
)
ALWAYS = frozenset(kind.key for kind in KINDS if kind.always)
_KNOWN = frozenset(kind.key for kind in KINDS)


def key_of(kind: str) -> str:
    """The line of the settings that decides about notices of this kind."""
    return kind if kind in _KNOWN else REST


def of(person: Person) -> list[Kind]:
    """Kinds this person may be told of."""
    return [kind for kind in KINDS if not kind.needs or person.may(kind.needs)]
