"""Telling whoever began an act that it has ended."""

from django.utils import translation
from django.utils.translation import gettext as _

from voronka.notices.actions import notify

from .models import Act
from .queries import progress


def tell_ended(act: Act) -> None:
    """A notice that leads to the page of the act. Inside the transaction that ends it."""
    with translation.override(act.person.language):
        notify(
            [act.person], kind="bulk", key=f"bulk:{act.pk}", title=_title(act), body=_body(act), url=f"/bulk/{act.pk}"
        )


def _title(act: Act) -> str:
    if act.state == Act.State.UNDONE:
        return _("Taken back: %(title)s") % {"title": act.title}
    if act.state == Act.State.STOPPED:
        return _("Could not go on: %(title)s") % {"title": act.title}
    return _("Done: %(title)s") % {"title": act.title}


def _body(act: Act) -> str:
    found = progress(act)
    if act.state == Act.State.UNDONE:
        facts = {"undone": found.undone, "kept": found.kept}
        return _("Taken back: %(undone)s, changed since and kept: %(kept)s.") % facts
    return _("Changed: %(done)s, left as they were: %(left)s.") % {"done": found.done, "left": act.total - found.done}
