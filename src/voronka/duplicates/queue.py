"""What people are asked, and what they answer."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from voronka.clients.models import Company, Contact, Merge, Suspicion
from voronka.deals.actions import merge_clients, merge_contacts, merge_deals, undo_merge
from voronka.deals.models import Deal
from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import Refusal
from voronka.staff.models import Person

Kind = Suspicion.Kind
MODELS: Mapping[str, Any] = {Kind.PERSON: Contact, Kind.FIRM: Company, Kind.FAMILY: Company, Kind.DEAL: Deal}
#: What one may answer. «Family»: two people of one family, whose cards become one.
ONE, DIFFERENT, FAMILY, LATER = "one", "different", "family", "later"
TOMORROW = timedelta(days=1)


def waiting(kind: str, person: Person) -> QuerySet[Suspicion]:
    """Pairs of which the person sees both sides, the likeliest first."""
    seen = MODELS[kind].objects.visible_to(person).values("pk")
    ripe = Q(later_at=None) | Q(later_at__lt=clock.now())
    found = Suspicion.objects.filter(ripe, kind=kind, state=Suspicion.State.WAITS, left__in=seen, right__in=seen)
    return found.order_by("-odds", "id")


def judge(suspicion_id: int, answer: str, *, by: Actor, values: Mapping[str, Any] | None = None) -> Suspicion:
    """The left side survives. `values` as in the merging of its kind. Raises Refusal."""
    with transaction.atomic():
        asked = Suspicion.objects.select_for_update().get(pk=suspicion_id)
        if asked.state != Suspicion.State.WAITS:
            raise Refusal(_("Somebody has judged this pair already."), rule="queue")
        if answer == LATER:
            asked.later_at = clock.now() + TOMORROW
        elif answer == DIFFERENT:
            asked.state = Suspicion.State.DIFFERENT
        else:
            asked.merge = _merge(asked, by, values or {}, one_person=answer == ONE)
            asked.state = Suspicion.State.ONE
        asked.decided_by_id, asked.decided_at = by.person_id, clock.now()
        asked.save()
    return asked


def take_back(*, by: Actor) -> Suspicion | None:
    """The last answer of this person; the pair waits again. None when there is none. Raises Refusal."""
    with transaction.atomic():
        own = Suspicion.objects.select_for_update().filter(decided_by=by.person_id).order_by("-decided_at")
        asked = own.first()
        if asked is None:
            return None
        if asked.state == Suspicion.State.ONE and asked.merge_id:
            undo_merge(asked.merge_id, by=by)
        asked.state, asked.later_at = Suspicion.State.WAITS, None
        asked.merge_id, asked.decided_by_id, asked.decided_at = None, None, None
        asked.save()
    return asked


def judged_today(person: Person) -> int:
    return Suspicion.objects.filter(decided_by=person, decided_at__gt=clock.now() - TOMORROW).count()


def _merge(asked: Suspicion, by: Actor, values: Mapping[str, Any], *, one_person: bool) -> Merge:
    if asked.kind == Kind.DEAL:
        return merge_deals(asked.left, asked.right, by=by, values=values)
    if asked.kind != Kind.PERSON:
        return merge_clients(asked.left, asked.right, by=by, values=values)
    whose = dict(Contact.objects.filter(pk__in=(asked.left, asked.right)).values_list("pk", "company_id"))
    if len(whose) < 2:
        raise Refusal(_("One of the two is no more."), rule="queue")
    if whose[asked.left] == whose[asked.right]:
        return merge_contacts(asked.left, asked.right, by=by)
    people = {asked.right: asked.left if one_person else 0}
    return merge_clients(whose[asked.left], whose[asked.right], by=by, values=values, people=people)
