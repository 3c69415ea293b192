from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from voronka.kernel import clock
from voronka.kernel.access import EVERYTHING
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors, Refusal
from voronka.kernel.events import Refs, record
from voronka.staff.models import Person

from ..models import Pin, SavedView
from ..queries import may_change, views_of

LONGEST_TITLE, MOST_VIEWS = 60, 100


def save_view(
    *, by: Actor, place: str, title: str, filter: Sequence, facts: Mapping[str, str] | None = None, shared: bool = False
) -> SavedView:
    """A new view at the end of the tabs. `filter` is a checked tree as `kernel.filters.lists` writes it."""
    if shared:
        _require_share(by)
    with transaction.atomic():
        kept = SavedView.objects.filter(owner_id=by.person_id, removed_at=None)
        if kept.count() >= MOST_VIEWS:
            raise Refusal(_("You have %(num)s views already: remove one of them.") % {"num": MOST_VIEWS}, rule="views")
        last = SavedView.objects.filter(place=place).aggregate(last=Max("position"))["last"] or 0
        view = SavedView.objects.create(
            place=place,
            title=_titled(title, place, by),
            filter=list(filter),
            facts=dict(facts or {}),
            owner_id=_owner(by),
            is_shared=shared,
            position=last + 1,
            created_at=clock.now(),
        )
        _record("view.saved", view, by)
    return view


def change_view(view_id: int, *, by: Actor, title: str, shared: bool) -> SavedView:
    """Rename, share or take back to oneself."""
    with transaction.atomic():
        view = _locked(view_id, by)
        if shared != view.is_shared:
            _require_share(by)
        if view.is_shared and not shared:
            view.owner_id = by.person_id or view.owner_id
        view.title, view.is_shared = _titled(title, view.place, by, but=view.pk), shared
        view.save(update_fields=["title", "is_shared", "owner"])
        _record("view.changed", view, by)
    return view


def overwrite_view(view_id: int, *, by: Actor, filter: Sequence, facts: Mapping[str, str]) -> SavedView:
    """The same title over another filter."""
    with transaction.atomic():
        view = _locked(view_id, by)
        before = {"filter": view.filter, "facts": view.facts}
        view.filter, view.facts = list(filter), dict(facts)
        view.save(update_fields=["filter", "facts"])
        _record("view.overwritten", view, by, before=before)
    return view


def copy_view(view: SavedView, *, by: Actor) -> SavedView:
    """A personal copy beside it, to be changed without touching the first."""
    taken = set(SavedView.objects.filter(owner_id=by.person_id, removed_at=None).values_list("title", flat=True))
    title, number = _("%(title)s, copy") % {"title": view.title}, 1
    while title in taken:
        number += 1
        title = _("%(title)s, copy %(num)s") % {"title": view.title, "num": number}
    return save_view(by=by, place=view.place, title=title[-LONGEST_TITLE:], filter=view.filter, facts=view.facts)


def remove_view(view_id: int, *, by: Actor) -> SavedView:
    with transaction.atomic():
        view = _locked(view_id, by)
        view.removed_at = clock.now()
        view.save(update_fields=["removed_at"])
        _record("view.removed", view, by)
    return view


def restore_view(view_id: int, *, by: Actor) -> SavedView:
    """Take a removal back."""
    with transaction.atomic():
        view = _locked(view_id, by)
        view.removed_at = None
        view.save(update_fields=["removed_at"])
        _record("view.restored", view, by)
    return view


def pin_view(view: SavedView, *, person: Person, pinned: bool) -> None:
    """Over the list or in its menu; for this person alone."""
    Pin.objects.update_or_create(
        person=person, view=view, defaults={"is_pinned": pinned}, create_defaults=_pin(view, pinned)
    )


def move_view(view: SavedView, *, person: Person, left: bool) -> None:
    """One tab to the left or right; for this person alone."""
    with transaction.atomic():
        shown = list(views_of(person, view.place))
        here = next((number for number, one in enumerate(shown) if one.view.pk == view.pk), None)
        there = None if here is None else here + (-1 if left else 1)
        if here is None or there is None or not 0 <= there < len(shown) or shown[there].pinned != shown[here].pinned:
            return
        shown[here], shown[there] = shown[there], shown[here]
        for position, one in enumerate(shown):
            Pin.objects.update_or_create(
                person=person,
                view=one.view,
                defaults={"position": position},
                create_defaults={"position": position, "is_pinned": one.pinned},
            )


def _pin(view: SavedView, pinned: bool) -> dict[str, Any]:
    return {"is_pinned": pinned, "position": view.position}


def _locked(view_id: int, by: Actor) -> SavedView:
    view = SavedView.objects.select_for_update().get(pk=view_id)
    if not may_change(by, view):
        raise Refusal(_("This view is not yours to change: make a copy of it."), rule="role")
    return view


def _titled(title: str, place: str, by: Actor, *, but: int = 0) -> str:
    title = title.strip()
    if not title:
        raise FieldErrors({"title": _("Write what the view is called.")})
    if len(title) > LONGEST_TITLE:
        raise FieldErrors({"title": _("At most %(num)s characters.") % {"num": LONGEST_TITLE}})
    own = SavedView.objects.filter(owner_id=by.person_id, place=place, removed_at=None, title__iexact=title)
    if own.exclude(pk=but).exists():
        raise FieldErrors({"title": _("You have a view of this name already.")})
    return title


def _owner(by: Actor) -> int:
    if by.person_id is None:
        raise Refusal(_("Views belong to people."), rule="role")
    return by.person_id


def _require_share(by: Actor) -> None:
    if not by.may("share_views"):
        raise Refusal(_("Your role may not share views with everybody."), rule="role")


def _record(kind: str, view: SavedView, by: Actor, **more: Any) -> None:
    data = {"view": view.pk, "title": view.title, "place": view.place, "shared": view.is_shared, **more}
    record(kind, Refs(audience=[EVERYTHING]), by=by, data=data)
