"""Tags: reading them, making them by the way, hanging them on clients. On deals: `deals.actions.tag_deals`."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from voronka.kernel import access, clock, shelf
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors, Refusal
from voronka.kernel.events import Refs, record

from .models import Company, Tag

LONGEST = 60
#: So many tags on one row tell nothing any more.
MOST = 30


Known = Mapping[str, Tag]


def _known_tags() -> Known:
    rows = {tag.pk: tag for tag in Tag.objects.order_by(Lower("title"))}
    ends = {tag.key: _end(tag, rows) for tag in rows.values()}
    return {key: tag for key, tag in ends.items() if tag.is_active}


def _end(tag: Tag, rows: Mapping[int, Tag]) -> Tag:
    while tag.merged_into_id:
        tag = rows[tag.merged_into_id]
    return tag


#: Key of each tag → the one it shows as: itself, or the one it was merged into; a retired one shows as none. In order
#: of titles.
known_tags = shelf.Kept(_known_tags, Tag)


def active_tags() -> dict[str, Tag]:
    """Those that can be hung on, by key, in order of titles."""
    return {key: tag for key, tag in known_tags().items() if key == tag.key}


def shown(keys: Iterable[str], known: Known) -> list[Tag]:
    """What these keys of a row show as, each once."""
    return list(dict.fromkeys(known[key] for key in keys if key in known))


def tag_options() -> list[tuple[object, str]]:
    return [(key, tag.title) for key, tag in active_tags().items()]


def tag_named(key: object, scope: object = None) -> str:
    """Title of a tag in words of a filter."""
    tag = known_tags().get(str(key))
    return tag.title if tag else _("a tag that is no more")


def same_tags(keys: Iterable[object]) -> list[list[str]]:
    """For each key all those that show as the same tag. One query."""
    known = known_tags()
    found = []
    for key in map(str, keys):
        end = known.get(key)
        found.append([one for one, tag in known.items() if tag == end] if end else [key])
    return found


def titles_of(text: str) -> list[str]:
    """«vip, Корпоратив» as titles, each once."""
    found: dict[str, str] = {}
    for part in text.replace(";", ",").split(","):
        if title := " ".join(part.split()):
            found.setdefault(title.casefold(), title)
    return list(found.values())


def tags_named(titles: Sequence[str], *, by: Actor) -> list[Tag]:
    """Tags with these titles; one nobody has used yet is made, a retired one comes back. Raises FieldErrors."""
    if any(len(title) > LONGEST for title in titles):
        raise FieldErrors({"tags": _("At most %(most)s characters in a tag.") % {"most": LONGEST}})
    with transaction.atomic():
        rows = {tag.pk: tag for tag in Tag.objects.all()} if titles else {}
        known = {tag.title.casefold(): _end(tag, rows) for tag in rows.values()}
        return [_active(known.get(title.casefold()), by) or _made(title, by) for title in titles]


def changed_tags(now: Sequence[str], known: Known, *, add: Iterable[Tag] = (), remove: Iterable[str] = ()) -> list[str]:
    """Keys after hanging `add` on and taking those keys off, with all that show as the same; in the order they came."""
    gone = set(remove) | {tag.key for tag in shown(remove, known)}
    hung = {tag.key for tag in shown(now, known)}
    kept = dict.fromkeys([*now, *(tag.key for tag in add if tag.key not in hung)])
    return [key for key in kept if key not in gone and (key not in known or known[key].key not in gone)][:MOST]


def tag_company(company_id: int, *, by: Actor, add: Sequence[str] = (), remove: Sequence[str] = ()) -> Company:
    """Hang tags with these titles on a client, take those with these keys off."""
    with transaction.atomic():
        company = Company.objects.select_for_update().get(pk=company_id)
        if by.reach is not None and not access.sees(by.reach, company.audience):
            raise Refusal(_("This client is not yours."))
        before, named = company.tags, tags_named(add, by=by)
        known = known_tags()
        company.tags = changed_tags(before, known, add=named, remove=remove)
        if company.tags != before:
            company.save(update_fields=["tags"])
            refs = Refs(company=company.pk, audience=company.audience)
            record("client.tagged", refs, by=by, data=told(before, company.tags, known))
    return company


def told(before: Sequence[str], after: Sequence[str], known: Known) -> dict[str, list[str]]:
    """The change for an event, by the titles of that moment."""
    was, now = shown(before, known), shown(after, known)
    return {
        "added": [tag.title for tag in now if tag not in was],
        "removed": [tag.title for tag in was if tag not in now],
    }


def rename_tag(tag_id: int, *, by: Actor, title: str) -> Tag:
    """Another title everywhere at once. Raises FieldErrors, Refusal."""
    _require(by)
    title = " ".join(title.split())
    if not title or len(title) > LONGEST or "," in title or ";" in title:
        raise FieldErrors({"title": _("Write the name, at most %(most)s characters, no commas.") % {"most": LONGEST}})
    with transaction.atomic():
        tag = Tag.objects.select_for_update().get(pk=tag_id)
        if Tag.objects.filter(title__iexact=title).exclude(pk=tag_id).exists():
            raise FieldErrors({"title": _("There is such a tag already: merge the two.")})
        changes = {"title": [tag.title, title]}
        tag.title = title
        tag.save(update_fields=["title"])
        _record("tag.changed", tag, by, {"changes": changes})
    return tag


def merge_tags(tag_id: int, *, into: int, by: Actor) -> Tag:
    """From now on the one shows as the other, wherever it hangs. Raises FieldErrors, Refusal."""
    _require(by)
    with transaction.atomic():
        rows = {tag.pk: tag for tag in Tag.objects.select_for_update().order_by("pk")}
        tag, other = rows[tag_id], rows.get(into)
        if other is None or other == tag or not other.is_active or other.merged_into_id or tag.merged_into_id:
            raise FieldErrors({"into": _("Choose another tag from the list.")})
        tag.merged_into = other
        tag.save(update_fields=["merged_into"])
        _record("tag.merged", tag, by, {"into": other.pk, "into_title": other.title})
    return other


def part_tag(tag_id: int, *, by: Actor) -> Tag:
    """Take a merging back: the tag hangs again where it hung."""
    _require(by)
    with transaction.atomic():
        tag = Tag.objects.select_for_update().get(pk=tag_id)
        tag.merged_into = None
        tag.save(update_fields=["merged_into"])
        _record("tag.parted", tag, by)
    return tag


def retire_tag(tag_id: int, *, by: Actor) -> Tag:
    """No longer shown; the rows keep it, so it comes back when somebody writes it again."""
    return _switch(tag_id, by, on=False)


def restore_tag(tag_id: int, *, by: Actor) -> Tag:
    return _switch(tag_id, by, on=True)


def _switch(tag_id: int, by: Actor, *, on: bool) -> Tag:
    _require(by)
    with transaction.atomic():
        tag = Tag.objects.select_for_update().get(pk=tag_id)
        tag.is_active = on
        tag.save(update_fields=["is_active"])
        _record("tag.returned" if on else "tag.retired", tag, by)
    return tag


def _require(by: Actor) -> None:
    if not by.may("manage_process"):
        raise Refusal(_("Your role may not change tags of the company."), rule="role")


def _active(tag: Tag | None, by: Actor) -> Tag | None:
    if tag and not tag.is_active:
        tag.is_active = True
        tag.save(update_fields=["is_active"])
        _record("tag.returned", tag, by)
    return tag


def _made(title: str, by: Actor) -> Tag:
    tag = Tag.objects.create(title=title, created_at=clock.now())
    _record("tag.made", tag, by)
    return tag


def _record(kind: str, tag: Tag, by: Actor, data: dict | None = None) -> None:
    """Everybody sees tags, but nobody's page must follow at once: the event is for nobody in particular."""
    record(kind, Refs(audience=()), by=by, data={"tag": tag.pk, "title": tag.title, **(data or {})})
