"""What leaves the house: as little as tells what to do. Phones in it are shortened, text is cut."""

import uuid
from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from voronka.kernel import phone
from voronka.staff.models import Person

from .models import Notice
from .push import Message, topic_of

#: An urgent push is repeated while nobody answers, so an old one is worth nothing; others wait half a day.
URGENT_SECONDS, NORMAL_SECONDS = 600, 12 * 3600
_NAMED, _COUNTED, _IN_LETTER = 3, 50, 20


def push_of(notices: Sequence[Notice]) -> Message:
    """One push for one notice, or for many that collapse.

    `id` names this telling: a repeat of the job has the same one, a repeat of the notice a new one. `tag` is
    the same for all repeats, `group` for all that may collapse together; `of` is what it tells about, so that a
    device can take it away when all of it has been read elsewhere.
    """
    one, many = notices[-1], len(notices) > 1
    urgent = any(notice.urgent for notice in notices)
    groups = {notice.group for notice in notices}
    group = topic_of(f"many:{groups.pop() if len(groups) == 1 else ''}")
    tag = group if many else topic_of(one.key)
    payload = {
        "v": 1,
        "id": str(_telling(notices)),
        "title": (heading(notices, one.person) if many else private(one.title))[:120],
        "body": ("; ".join(private(notice.title) for notice in notices[-_NAMED:]) if many else private(one.body))[:240],
        "url": "/notices?open" if many else f"/notices/{one.pk}",
        "tag": tag,
        "group": group,
        "many": many,
        "of": [notice.pk for notice in notices][-_COUNTED:],
        "urgent": urgent,
        "ts": int(one.created_at.timestamp()),
    }
    return Message(
        payload=payload,
        topic=tag,
        ttl=URGENT_SECONDS if urgent else NORMAL_SECONDS,
        urgency="high" if urgent else "normal",
    )


def letter_of(notices: Sequence[Notice], person: Person) -> EmailMessage:
    """One letter about all of them, newest first. A repeat of the job has the same Message-ID."""
    newest = list(reversed(notices))
    with translation.override(person.language):
        parts = [
            "\n".join(filter(None, (private(one.title), private(one.body), f"{settings.BASE_URL}/notices/{one.pk}")))
            for one in newest[:_IN_LETTER]
        ]
        if (rest := len(newest) - _IN_LETTER) > 0:
            parts.append(ngettext("And %(num)s more.", "And %(num)s more.", rest) % {"num": rest})
        parts.append(_("What comes by e-mail: {url}").format(url=f"{settings.BASE_URL}/profile#notices"))
    subject = private(newest[0].title) if len(newest) == 1 else heading(newest, person)
    headers = {"Message-ID": f"<{_telling(notices)}@voronka>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(" ".join(subject.split()), "\n\n".join(parts) + "\n", None, [person.email], headers=headers)


def heading(notices: Sequence[Notice], person: Person) -> str:
    """«Unanswered inquiry: 5» when they have that in common, else how many there are."""
    common = {notice.heading for notice in notices}
    if len(common) == 1 and (words := common.pop()):
        return f"{words}: {len(notices)}"
    with translation.override(person.language):
        return ngettext("%(num)s new notice", "%(num)s new notices", len(notices)) % {"num": len(notices)}


def private(text: str) -> str:
    """No whole phone number leaves: «+7 921 338-40-17» → «+7 921 …-17»."""
    return phone.masked(text)


def _telling(notices: Sequence[Notice]) -> uuid.UUID:
    told = ",".join(f"{notice.pk}:{notice.created_at.isoformat()}" for notice in notices)
    return uuid.uuid5(uuid.NAMESPACE_OID, f"voronka:{told}")
