"""The draft: a process being changed on screen, one for the company, until it is switched on or thrown away.

Each change is kept as a whole document, so that undo is the one before. A draft can always be read and drawn, though
the checks may still complain; what can't be read is refused here.
"""

from collections.abc import Callable, Mapping, Sequence

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import Refusal

from . import actions, changes, document
from .changes import Change
from .editing import Editor
from .models import Draft, Version

#: So many steps can be taken back.
STEPS = 100


def latest() -> Draft | None:
    """The draft as it stands; None when nothing is being changed."""
    return Draft.objects.order_by("-pk").first()


def edit(change: Callable[[Editor], None], *, what: str, by: Actor) -> Draft:
    """Change the draft, or begin one from the process in force. `what` was done, in words, for undo.

    Raises DocumentErrors when the outcome could not be read; then nothing has changed.
    """
    actions.require_manage(by)
    with transaction.atomic():
        base, text = _start()
        editor = Editor(text)
        change(editor)
        return _keep(base, editor.text(), what, by)


def put(text: str, *, what: str, by: Actor) -> Draft:
    """Make a whole document the draft: a file, an older version. Raises DocumentErrors."""
    actions.require_manage(by)
    with transaction.atomic():
        base, _text = _start()
        return _keep(base, text, what, by)


def undo(*, by: Actor) -> str:
    """Take the last step back; returns what it was, «» when there was none."""
    actions.require_manage(by)
    with transaction.atomic():
        last = Draft.objects.select_for_update().order_by("-pk").first()
        if last is None:
            return ""
        last.delete()
        return last.what


def discard(*, by: Actor) -> None:
    """Throw the draft away; the process in force stays as it is."""
    actions.require_manage(by)
    Draft.objects.all().delete()


def publish(*, by: Actor, comment: str = "", moved: Mapping[str, str] | None = None) -> Version:
    """Switch the draft on. Raises what `actions.activate` does; then the draft stays."""
    actions.require_manage(by)
    with transaction.atomic():
        draft = Draft.objects.select_for_update().order_by("-pk").first()
        if draft is None:
            raise Refusal(_("There is nothing to switch on: nobody has changed anything."), rule="draft")
        version = actions.activate(draft.document, by=by, comment=comment, moved=moved)
        Draft.objects.all().delete()
    return version


def difference(draft: Draft) -> Sequence[Change]:
    """What the draft changes in the process in force."""
    version = Version.objects.get(is_active=True)
    return changes.between(version.document, draft.document, get_language() or "")


def _start() -> tuple[Version, str]:
    """The version to begin from and the text to change, locked."""
    version = Version.objects.select_for_update().filter(is_active=True).first()
    if version is None:
        raise Refusal(_("The company has no process yet: finish the first run."), rule="draft")
    draft = latest()
    return (draft.base, draft.document) if draft else (version, version.document)


def _keep(base: Version, text: str, what: str, by: Actor) -> Draft:
    document.trusted(text)
    kept = Draft.objects.create(base=base, document=text, what=what, author_id=by.person_id, created_at=clock.now())
    old = Draft.objects.order_by("-pk").values_list("pk", flat=True)[STEPS:]
    Draft.objects.filter(pk__in=list(old)).delete()
    return kept
