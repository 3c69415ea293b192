"""Writes about the process: switching a document on, switching a mended rule on again."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.kernel import clock
from voronka.kernel.access import EVERYTHING
from voronka.kernel.actor import Actor
from voronka.kernel.errors import Refusal
from voronka.kernel.events import Refs, record

from . import document, rows, screen_fields
from .models import BrokenRule, Version


def activate(text: str, *, by: Actor, comment: str = "", moved: Mapping[str, str] | None = None) -> Version:
    """Check a document and switch it on: its rows are written, the version before it is kept.

    `moved`: where the deals of each removed stage go, «funnel/stage» → «funnel/stage».
    Raises DocumentErrors with lines and paths, Stranded for removed stages with deals that the plan leaves out,
    Refusal when something else in use would vanish; then nothing has changed.
    """
    require_manage(by)
    with screen_fields.known():
        process = document.load(text)
    with transaction.atomic():
        before = Version.objects.select_for_update().filter(is_active=True).first()
        if before:
            Version.objects.filter(pk=before.pk).update(is_active=False)
        version = Version.objects.create(
            document=text, comment=comment, author_id=by.person_id, created_at=clock.now(), is_active=True
        )
        resettled = rows.write(process, by=by, moved=moved or {})
        kept = {rule.key for rule in process.rules}
        BrokenRule.objects.exclude(rule__in=kept).delete()
        record(
            "process.activated",
            Refs(audience=[EVERYTHING]),
            by=by,
            data={
                "version": version.pk,
                "before": before.pk if before else None,
                "comment": comment,
                "resettled": resettled,
            },
        )
    return version


def restore(version: Version, *, by: Actor, comment: str = "", moved: Mapping[str, str] | None = None) -> Version:
    """Switch an older document on again, as a new version. Raises what `activate` does."""
    said = comment or _("Back to version {number}").format(number=version.pk)
    return activate(version.document, by=by, comment=said, moved=moved)


def mend_rule(key: str, *, by: Actor) -> None:
    """Switch a rule that was set aside on again. A rule that isn't set aside stays as it is."""
    require_manage(by)
    with transaction.atomic():
        deleted, _rows = BrokenRule.objects.filter(rule=key).delete()
        if deleted:
            record("rule.mended", Refs(audience=[EVERYTHING]), by=by, data={"rule": key})


def require_manage(by: Actor) -> None:
    """Raises Refusal for somebody whose role may not change the process."""
    if not by.may("manage_process"):
        raise Refusal(_("Your role may not change the process."), rule="role")
