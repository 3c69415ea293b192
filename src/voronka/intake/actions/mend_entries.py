"""What people do with entries that did not become deals."""

from collections.abc import Iterable, Mapping

from django.db import connection, transaction
from django.utils.translation import gettext as _

from voronka.deals import fields
from voronka.kernel import clock
from voronka.kernel.access import EVERYTHING
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors, Refusal
from voronka.kernel.events import Refs, record

from ..models import Attempt, Entry, Source
from ..vocabulary import TARGETS
from ._tell import tell

Account = Entry.Account
_MENDABLE = (Account.FAILED, Account.REJECTED, Account.SPAM)
_REFUSABLE = (Account.FAILED, Account.WAITING)
MOST_MAPPED, LONGEST_FIELD = 300, 300


def mend_mapping(source_id: int, *, by: Actor, mapping: Mapping[str, str]) -> Source:
    """Say which field of the form is what. Raises FieldErrors keyed by the incoming field."""
    if not (by.may("repair_ledger") or by.may("manage_sources")):
        raise Refusal(_("Your role may not repair the ledger."), rule="role")
    cleaned = {name.strip(): target for name, target in mapping.items() if name.strip() and target}
    _check_mapping(cleaned)
    with transaction.atomic():
        source = Source.objects.select_for_update(of=("self",)).get(pk=source_id)
        before, source.mapping = source.mapping, cleaned
        source.save(update_fields=["mapping"])
        data = {"source": source.pk, "title": source.title, "changes": {"mapping": [before, cleaned]}}
        record("source.changed", Refs(audience=[EVERYTHING]), by=by, data=data)
    return source


def replay(entry_ids: Iterable[int], *, by: Actor) -> int:
    """Failed, rejected and spam entries wait again, to be settled anew; returns how many."""
    _require_repair(by)
    with transaction.atomic():
        entries = list(
            Entry.objects.select_for_update(of=("self",))
            .filter(pk__in=list(entry_ids), account__in=_MENDABLE, duplicate_of=None)
            .order_by("pk")
            .select_related("source")
            .defer("body")
        )
        for entry in entries:
            entry.account, entry.reason, entry.settled_at = Account.WAITING, "", None
        Entry.objects.bulk_update(entries, ["account", "reason", "settled_at"])
        now = clock.now()
        Attempt.objects.bulk_create([Attempt(entry=entry, at=now, outcome="replayed") for entry in entries])
        if entries:
            tell("entry.replayed", entries, by)
            with connection.cursor() as cursor:
                cursor.execute("NOTIFY voronka_intake")
    return len(entries)


def reject(entry_id: int, *, by: Actor, reason: str) -> Entry:
    """A person says that this is no inquiry, and why."""
    if not reason.strip():
        raise FieldErrors({"reason": _("Write why.")})
    return _end_by_hand(entry_id, by=by, account=Account.REJECTED, allowed=_REFUSABLE, reason=reason.strip()[:500])


def mark_spam(entry_id: int, *, by: Actor) -> Entry:
    """A person says that this is spam."""
    allowed = (*_REFUSABLE, Account.REJECTED)
    return _end_by_hand(entry_id, by=by, account=Account.SPAM, allowed=allowed, reason=_("marked by hand"))


def _end_by_hand(entry_id: int, *, by: Actor, account: str, allowed: Iterable[str], reason: str) -> Entry:
    _require_repair(by)
    with transaction.atomic():
        entry = Entry.objects.select_for_update(of=("self",)).select_related("source").defer("body").get(pk=entry_id)
        if entry.account not in allowed:
            raise Refusal(_("This entry has come to its account already."), rule="account")
        entry.account, entry.reason, entry.settled_at = account, reason, clock.now()
        entry.save(update_fields=["account", "reason", "settled_at"])
        tell(f"entry.{account}", [entry], by, reason=reason)
    return entry


def _check_mapping(mapping: Mapping[str, str]) -> None:
    known, errors = fields.specs(), {}
    for name, target in mapping.items():
        key = target.removeprefix("deal.")
        if len(name) > LONGEST_FIELD or (target not in TARGETS and (key == target or key not in known)):
            errors[name] = _("There is no such field.")
    if len(mapping) > MOST_MAPPED:
        errors["mapping"] = _("Too many fields.")
    if errors:
        raise FieldErrors(errors)


def _require_repair(by: Actor) -> None:
    if not by.may("repair_ledger"):
        raise Refusal(_("Your role may not repair the ledger."), rule="role")
