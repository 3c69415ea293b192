"""Tags: reading them, making them by the way, hanging them on clients. On deals: `deals.actions.tag_deals`."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from voronka.kernel import access, clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors, Refusal
from voronka.kernel.events import Refs, record

from .models import Company, Tag

LONGEST = 60
#: So many tags on one row tell nothing any more.
MOST = 30


def active_tags() -> dict[str, Tag]:
    """By key, in order of titles. One query."""
    return {tag.key: tag for tag in Tag.objects.filter(is_active=True).order_by(Lower("title"))}


def tag_options() -> list[tuple[object, str]]:
    return [(key, tag.title) for key, tag in active_tags().items()]


def titles_of(text: str) -> list[str]:
    """«vip, Корпоратив» as titles, each once."""
    found: dict[str, str] = {}
    for part in text.replace(";", ",").split(","):
        if title := " ".join(part.split()):
            found.setdefault(title.casefold(), title)
    return list(found.values())


def tags_named(titles: Sequence[str], *, by: Actor) -> list[Tag]:
    """Tags with these titles; one that nobody has used yet is made. Raises FieldErrors."""
    if any(len(title) > LONGEST for title in titles):
        raise FieldErrors({"tags": _("At most %(most)s characters in a tag.") % {"most": LONGEST}})
    with transaction.atomic():
        known = {tag.title.casefold(): tag for tag in Tag.objects.all()} if titles else {}
        return [_active(known.get(title.casefold()), by) or _made(title, len(known), by) for title in titles]


def changed_tags(now: Sequence[str], *, add: Iterable[Tag] = (), remove: Iterable[str] = ()) -> list[str]:
    """Keys after hanging `add` on and taking those keys off, in the order they came."""
    gone = set(remove)
    kept = dict.fromkeys([*now, *(tag.key for tag in add)])
    return [key for key in kept if key not in gone][:MOST]


def tag_company(company_id: int, *, by: Actor, add: Sequence[str] = (), remove: Sequence[str] = ()) -> Company:
    """Hang tags with these titles on a client, take those with these keys off."""
    with transaction.atomic():
        company = Company.objects.select_for_update().get(pk=company_id)
        if by.reach is not None and not access.sees(by.reach, company.audience):
            raise Refusal(_("This client is not yours."))
        before = company.tags
        company.tags = changed_tags(before, add=tags_named(add, by=by), remove=remove)
        if company.tags != before:
            company.save(update_fields=["tags"])
            refs = Refs(company=company.pk, audience=company.audience)
            record("client.tagged", refs, by=by, data=told(before, company.tags, active_tags()))
    return company


def told(before: Sequence[str], after: Sequence[str], known: Mapping[str, Tag]) -> dict[str, list[str]]:
    """The change for an event, by the titles of that moment."""
    return {
        "added": [known[key].title for key in after if key not in before and key in known],
        "removed": [known[key].title for key in before if key not in after and key in known],
    }


def change_tag(tag_id: int, *, by: Actor, title: str, colour: str) -> Tag:
    """Another title or colour everywhere at once. Raises FieldErrors."""
    title = " ".join(title.split())
    errors = {}
    if not title or len(title) > LONGEST:
        errors["title"] = _("Write the name, at most %(most)s characters.") % {"most": LONGEST}
    elif Tag.objects.filter(title__iexact=title).exclude(pk=tag_id).exists():
        errors["title"] = _("There is such a tag already.")
    if colour not in Tag.Colour.values:
        errors["colour"] = _("Choose from the list.")
    if errors:
        raise FieldErrors(errors)
    with transaction.atomic():
        tag = Tag.objects.select_for_update().get(pk=tag_id)
        changes = {"title": [tag.title, title], "colour": [tag.colour, colour]}
        tag.title, tag.colour = title, colour
        tag.save(update_fields=["title", "colour"])
        _record("tag.changed", tag, by, {"changes": changes})
    return tag


def retire_tag(tag_id: int, *, by: Actor) -> Tag:
    """No longer shown; the rows keep it, so it comes back when somebody writes it again."""
    with transaction.atomic():
        tag = Tag.objects.select_for_update().get(pk=tag_id)
        tag.is_active = False
        tag.save(update_fields=["is_active"])
        _record("tag.retired", tag, by)
    return tag


def _active(tag: Tag | None, by: Actor) -> Tag | None:
    if tag and not tag.is_active:
        tag.is_active = True
        tag.save(update_fields=["is_active"])
        _record("tag.returned", tag, by)
    return tag


def _made(title: str, number: int, by: Actor) -> Tag:
    colours = Tag.Colour.values
    tag = Tag.objects.create(title=title, colour=colours[(number + 1) % len(colours)], created_at=clock.now())
    _record("tag.made", tag, by)
    return tag


def _record(kind: str, tag: Tag, by: Actor, data: dict | None = None) -> None:
    """Everybody sees tags, but nobody's page must follow at once: the event is for nobody in particular."""
    record(kind, Refs(audience=()), by=by, data={"tag": tag.pk, "title": tag.title, **(data or {})})
