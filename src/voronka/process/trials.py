"""Beginning a check on history, and reading how it went."""

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import Refusal
from voronka.staff.models import Person

from . import actions, drafts
from .jobs import replay
from .models import Trial, Version
from .replay.run import deals_of

LONGEST = 366
#: Of one person so many are kept.
KEPT = 10


def begin(person: Person, *, by: Actor, days: int) -> Trial:
    """Replay the draft, or without one the process in force, over the last days; the worker does it.

    Nothing is sent and nothing written but the figures.
    """
    actions.require_manage(by)
    version = Version.objects.filter(is_active=True).first()
    if version is None:
        raise Refusal(_("The company has no process yet: finish the first run."), rule="draft")
    draft = drafts.latest()
    with transaction.atomic():
        trial = Trial(
            person=person,
            base=version,
            document=draft.document if draft else version.document,
            days=max(1, min(days, LONGEST)),
            created_at=clock.now(),
            total=0,
        )
        trial.total = deals_of(trial).count()
        trial.save()
        old = Trial.objects.filter(person=person).order_by("-pk").values_list("pk", flat=True)[KEPT:]
        Trial.objects.filter(pk__in=list(old)).delete()
        replay.defer(trial=trial.pk)
    return trial


def latest(person: Person) -> Trial | None:
    return Trial.objects.filter(person=person).order_by("-pk").first()
