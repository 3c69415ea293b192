"""What people begin, set and take back."""

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.clients.models import Matching, Scan
from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import Refusal

from . import jobs

GOING = (Scan.State.QUEUED, Scan.State.RUNNING, Scan.State.UNDOING)


def begin_search(*, by: Actor, whole: bool) -> Scan:
    """Look for duplicates over the whole base, or among what is new since the last search. Raises Refusal."""
    with transaction.atomic():
        settings = _settings()
        _refuse_two()
        last = Scan.objects.filter(state__in=(Scan.State.DONE, Scan.State.UNDONE)).order_by("-pk").first()
        scan = Scan.objects.create(
            automatic=settings.automatic,
            since=last.upto if last and not whole else None,
            begun_by_id=by.person_id,
            begun_at=clock.now(),
        )
        jobs.run.configure(lock="duplicates").defer(scan=scan.pk)
    return scan


def undo_search(scan_id: int, *, by: Actor) -> Scan:
    """Part again all that this search has merged. Raises Refusal."""
    with transaction.atomic():
        _settings()
        _refuse_two()
        scan = Scan.objects.select_for_update().get(pk=scan_id)
        if scan.state not in (Scan.State.DONE, Scan.State.FAILED):
            raise Refusal(_("This search was taken back already."), rule="search")
        scan.state, scan.undone_by_id = Scan.State.UNDOING, by.person_id
        scan.save(update_fields=["state", "undone_by"])
        jobs.undo.configure(lock="duplicates").defer(scan=scan.pk)
    return scan


def set_automatic(automatic: str, *, by: Actor) -> Matching:
    """How sure the search must be to merge by itself. Raises Refusal."""
    if automatic not in Matching.Automatic.values:
        raise Refusal(_("Choose from the list."), rule="search")
    with transaction.atomic():
        settings = _settings()
        settings.automatic, settings.changed_by_id, settings.changed_at = automatic, by.person_id, clock.now()
        settings.save(update_fields=["automatic", "changed_by", "changed_at"])
    return settings


def _settings() -> Matching:
    """Locked, so that two don't begin at once."""
    Matching.objects.get_or_create(pk=1)
    return Matching.objects.select_for_update().get(pk=1)


def _refuse_two() -> None:
    if Scan.objects.filter(state__in=GOING).exists():
        raise Refusal(_("A search is going on already."), rule="search")
