"""Templates of notes: one's own, and shared ones, kept by those who manage the process."""

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors, Refusal
from voronka.kernel.events import Refs, record

from ..models import NoteTemplate

LONGEST_TITLE, LONGEST_TEXT = 80, 5000


def save_template(
    *, by: Actor, title: str, text: str, shared: bool, template: NoteTemplate | None = None
) -> NoteTemplate:
    """A new template, or a known one written anew. Raises FieldErrors."""
    title, text = title.strip(), text.strip()
    errors = _wrong(title, text)
    if errors:
        raise FieldErrors(errors)
    with transaction.atomic():
        template = template or NoteTemplate(created_at=clock.now(), owner_id=by.person_id)
        _require(template, by, shared)
        template.title, template.text = title, text
        template.owner_id = None if shared else by.person_id
        template.save()
        _tell("template.saved", template, by)
    return template


def remove_template(template: NoteTemplate, *, by: Actor) -> None:
    with transaction.atomic():
        _require(template, by, template.owner_id is None)
        _tell("template.removed", template, by)
        template.delete()


def _wrong(title: str, text: str) -> dict[str, str]:
    errors = {}
    if not title:
        errors["title"] = _("Give it a name.")
    elif len(title) > LONGEST_TITLE:
        errors["title"] = _("At most {number} characters.").format(number=LONGEST_TITLE)
    if not text:
        errors["text"] = _("Write something first.")
    elif len(text) > LONGEST_TEXT:
        errors["text"] = _("At most {number} characters.").format(number=LONGEST_TEXT)
    return errors


def _require(template: NoteTemplate, by: Actor, shared: bool) -> None:
    if (shared or template.owner_id is None) and not by.may("manage_process"):
        raise Refusal(_("Shared templates are kept by those who manage the process."), rule="role")
    if template.owner_id not in (None, by.person_id):
        raise Refusal(_("This template is not yours."), rule="role")


def _tell(kind: str, template: NoteTemplate, by: Actor) -> None:
    facts = {"template": template.pk, "title": template.title, "text": template.text, "owner": template.owner_id}
    record(kind, Refs(audience=[f"p:{by.person_id}"]), by=by, data=facts)
