"""An entry of the ledger comes to its account: parsed, its client found or made, its deal opened or joined."""

from collections.abc import Collection
from functools import lru_cache

from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _

from voronka.channels import registry
from voronka.channels.port import Unreadable
from voronka.conversations.actions.receive import NotYet
from voronka.kernel import actor, clock
from voronka.kernel.errors import FieldErrors, MissingFields, Refusal

from ..bodies import BodyError
from ..delivery import Delivery
from ..inquiry import Inquiry
from ..models import Attempt, Entry, Source
from ..profiles import PROFILES, NotAnInquiry
from ..reading import TEST_HEADER, delivery_of, fell_into_trap
from ._place import place_inquiry, place_upgrade
from ._tell import tell
from .settle_channel import Behind, settle_channel

Account = Entry.Account
_TOLD_BY_DEAL = (Account.DEAL, Account.ATTACHED)

_COLUMNS = ", ".join(f"entry.{field.column}" for field in Entry._meta.concrete_fields)
_CLAIM = f"""
    SELECT {_COLUMNS}, concat(source.xmin, ':', location.xmin) AS source_version
    FROM intake_entry AS entry JOIN intake_source AS source ON source.id = entry.source_id
    LEFT JOIN staff_location AS location ON location.id = source.location_id
    WHERE entry.account = 'waiting' AND {{wanted}}
    ORDER BY entry.id LIMIT 1
    FOR UPDATE OF entry SKIP LOCKED
"""
_NEXT, _THAT_ONE = "entry.id <> ALL(%(resting)s::bigint[])", "entry.id = %(only)s"


class Passing(Exception):
    """The base was away or in the way; the entry waits on and is tried again. `entry_id` when it is known. `briefly`:
    it is only behind another one, which is no try.
    """

    def __init__(self, entry_id: int | None, why: str, *, briefly: bool = False) -> None:
        super().__init__(why)
        self.entry_id, self.briefly = entry_id, briefly


def settle(entry_id: int) -> Entry:
    """Bring one waiting entry to its account; others are left as they are. Raises Passing."""
    entry = settle_next(only=entry_id)
    return entry or Entry.objects.get(pk=entry_id)


def settle_next(*, resting: Collection[int] = (), only: int | None = None) -> Entry | None:
    """Settle the oldest waiting entry that nobody else holds; None when there is none.

    One transaction: a crash leaves the entry waiting. `resting` are passed by. A fault that is not the database's
    ends as account «failed» with its reason. Raises Passing.
    """
    entry: Entry | None = None
    try:
        with transaction.atomic():
            entry = _claim(resting, only)
            if entry is not None:
                _settle(entry)
            return entry
    except Passing:
        raise
    except (OperationalError, InterfaceError) as error:
        raise Passing(entry.pk if entry else None, _reason(error)) from error
    except Exception as error:
        if entry is None:
            raise
        return _fail(entry.pk, _reason(error))


def give_up(entry_id: int, reason: str) -> None:
    """An entry whose passing error does not pass."""
    _fail(entry_id, reason)


def note_attempt(entry_id: int, outcome: str, detail: str) -> int:
    """Keep a try that came to nothing; returns how many there were."""
    Attempt.objects.create(entry_id=entry_id, at=clock.now(), outcome=outcome, detail=detail[:1000])
    return Attempt.objects.filter(entry_id=entry_id, outcome=outcome).count()


def _claim(resting: Collection[int], only: int | None) -> Entry | None:
    wanted = _NEXT if only is None else _THAT_ONE
    for entry in Entry.objects.raw(_CLAIM.format(wanted=wanted), {"only": only, "resting": list(resting)}):
        entry.source = _source(entry.source_id, vars(entry)["source_version"])
        return entry
    return None


@lru_cache(maxsize=64)
def _source(source_id: int, version: str) -> Source:
    """`version` is that of its row and its location's in the base, so what is kept here is never out of date."""
    return Source.objects.select_related("brand", "location__brand").get(pk=source_id)


def _settle(entry: Entry) -> None:
    source = entry.source
    delivery = delivery_of(entry)
    try:
        if source.profile in registry.known():
            _end(entry, *_settle_channel(entry, delivery))
            return
        inquiry = PROFILES[source.profile].parse(delivery, source.mapping)
        entry.parsed = inquiry.model_dump(mode="json", exclude_defaults=True)
        if trap := fell_into_trap(delivery, source):
            _end(entry, Account.SPAM, trap)
        elif TEST_HEADER in delivery.headers:
            _end(entry, Account.REJECTED, _tested(inquiry))
        elif inquiry.order and place_upgrade(entry, inquiry):
            _end(entry, entry.account, entry.reason)
        elif not inquiry.identities:
            _end(entry, *_nobody(inquiry))
        else:
            place_inquiry(entry, inquiry, delivery.decoded.files, by=actor.client(source.title))
            _end(entry, entry.account)
    except NotAnInquiry as none:
        _end(entry, Account.REJECTED, str(none))
    except BodyError as error:
        _end(entry, Account.FAILED, str(error))


def _settle_channel(entry: Entry, delivery: Delivery) -> tuple[str, str]:
    """(account, reason). What speaks of a message that has not come waits and is tried again."""
    try:
        end = settle_channel(entry, registry.channel(entry.source.profile).parse(delivery))
    except Unreadable as error:
        return Account.FAILED, str(error)
    except Behind as error:
        raise Passing(entry.pk, "behind another entry of its line", briefly=True) from error
    except NotYet as error:
        raise Passing(entry.pk, _("It speaks of a message that has not come.")) from error
    return end.account, end.reason


def _tested(inquiry: Inquiry) -> str:
    """A test of the address ends here, accounted like everything that comes."""
    if inquiry.identities:
        return _("A test of the address: it was read, no deal is made of it.")
    return _("A test of the address: neither a phone nor an e-mail was found in it.")


def _nobody(inquiry: Inquiry) -> tuple[str, str]:
    """Without a contact: wrong ones are rejected; none at all means that the form may have changed, so people look."""
    if inquiry.unread:
        _field, value = inquiry.unread[0]
        return Account.REJECTED, _("No phone or e-mail can be read: «{value}».").format(value=value[:80])
    return Account.FAILED, _("There is neither a phone nor an e-mail.")


def _end(entry: Entry, account: str, reason: str = "") -> None:
    entry.account, entry.reason = account, reason
    entry.settled_at = clock.now()
    entry.save(update_fields=["account", "reason", "parsed", "deal", "duplicate_of", "settled_at"])
    if account == Account.FAILED:
        note_attempt(entry.pk, "failed", reason)
    if account not in _TOLD_BY_DEAL:
        tell(f"entry.{account}", [entry], actor.client(entry.source.title), reason=reason)


def _fail(entry_id: int, reason: str) -> Entry:
    with transaction.atomic():
        entry = Entry.objects.select_for_update(of=("self",)).select_related("source").get(pk=entry_id)
        if entry.account == Account.WAITING:
            _end(entry, Account.FAILED, reason)
    return entry


def _reason(error: Exception) -> str:
    if isinstance(error, Refusal):
        return error.reason
    if isinstance(error, (FieldErrors, MissingFields)):
        return str(error)[:500]
    return f"{type(error).__name__}: {error}"[:500]
