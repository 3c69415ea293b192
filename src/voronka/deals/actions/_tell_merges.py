"""What merges and their undoing tell: one event a merge, and one a side when they are parted."""

from collections.abc import Sequence

from voronka.clients.models import Company, Contact, Merge
from voronka.kernel.actor import Actor
from voronka.kernel.events import Refs, event_of, record_many
from voronka.kernel.models import Event

from ..models import Deal

_KINDS = {Merge.Kind.COMPANY: "client", Merge.Kind.CONTACT: "contact", Merge.Kind.DEAL: "deal"}


def tell_merged(merges: Sequence[Merge], by: Actor) -> None:
    """Whoever saw either of the two hears of it; of deals also under the number that is no more, so that its tile
    goes from the boards."""
    known = _refs(merges, [merge.survivor for merge in merges])
    events = [_event("merged", merge, known[merge.kind, merge.survivor], by, _saw(merge)) for merge in merges]
    gone = [merge for merge in merges if merge.kind == Merge.Kind.DEAL]
    events += [_event("joined", merge, _refs_before(merge), by) for merge in gone]
    record_many(events, by=by)


def tell_parted(merges: Sequence[Merge], by: Actor) -> None:
    known = _refs(merges, [pk for merge in merges for pk in (merge.survivor, merge.other)])
    sides = [(merge, (merge.kind, pk)) for merge in merges for pk in (merge.survivor, merge.other)]
    record_many([_event("parted", merge, known[side], by) for merge, side in sides if side in known], by=by)


def _event(what: str, merge: Merge, refs: Refs, by: Actor, also: Sequence[str] = ()) -> Event:
    data = {"merge": merge.pk, "survivor": merge.survivor, "other": merge.other, "name": merge.title}
    told = Refs(**{**vars(refs), "audience": [*refs.audience, *also]})
    return event_of(f"{_KINDS[Merge.Kind(merge.kind)]}.{what}", told, by=by, data=data)


def _saw(merge: Merge) -> list[str]:
    return list(merge.carried["row"].get("audience", ()))


def _refs_before(merge: Merge) -> Refs:
    row = merge.carried["row"]
    return Refs(
        deal=merge.other,
        company=row["company_id"],
        funnel=row["funnel_id"],
        stage=row["stage_id"],
        audience=row["audience"],
    )


def _refs(merges: Sequence[Merge], ids: Sequence[int]) -> dict[tuple[str, int], Refs]:
    """By kind and row, of those that stand."""
    found: dict[tuple[str, int], Refs] = {}
    if any(merge.kind == Merge.Kind.COMPANY for merge in merges):
        for pk, audience in Company.objects.filter(pk__in=ids).values_list("pk", "audience"):
            found[Merge.Kind.COMPANY, pk] = Refs(company=pk, audience=audience)
    if any(merge.kind == Merge.Kind.CONTACT for merge in merges):
        for contact in Contact.objects.filter(pk__in=ids).select_related("company"):
            found[Merge.Kind.CONTACT, contact.pk] = Refs(company=contact.company_id, audience=contact.company.audience)
    if any(merge.kind == Merge.Kind.DEAL for merge in merges):
        for deal in Deal.objects.filter(pk__in=ids).only("company_id", "funnel_id", "stage_id", "audience"):
            found[Merge.Kind.DEAL, deal.pk] = Refs(
                deal=deal.pk,
                company=deal.company_id,
                funnel=deal.funnel_id,
                stage=deal.stage_id,
                audience=deal.audience,
            )
    return found
