"""Linking two deals in words, and parting them."""

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.kernel import access, clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors

from ..models import Deal, DealLink
from ._rows import locked, record_deal

LONGEST_WORD = 60


def link_deals(deal_id: int, other_id: int, *, by: Actor, word: str) -> DealLink:
    """Link two deals, or say the relation in another word. The other one must be seen, too. Raises FieldErrors."""
    word = word.strip()
    if not word or len(word) > LONGEST_WORD:
        raise FieldErrors({"word": _("In a word or two: how do they belong together?")})
    if deal_id == other_id:
        raise FieldErrors({"other": _("This is the same deal.")})
    with transaction.atomic():
        deal = locked(deal_id, by)
        other = Deal.objects.filter(pk=other_id).first()
        if other is None or (by.reach is not None and not access.sees(by.reach, other.audience)):
            raise FieldErrors({"other": _("There is no such deal among those you see.")})
        link, _made = DealLink.objects.update_or_create(
            **_pair(deal, other),
            defaults={"word": word},
            create_defaults={"word": word, "created_by_id": by.person_id, "created_at": clock.now()},
        )
        _tell("deal.linked", deal, other, by, word)
    return link


def unlink_deals(deal_id: int, other_id: int, *, by: Actor) -> None:
    with transaction.atomic():
        deal, other = locked(deal_id, by), Deal.objects.get(pk=other_id)
        link = DealLink.objects.filter(**_pair(deal, other)).first()
        if link:
            link.delete()
            _tell("deal.unlinked", deal, other, by, link.word)


def _pair(deal: Deal, other: Deal) -> dict[str, Deal]:
    first, second = sorted((deal, other), key=lambda one: one.pk)
    return {"deal": first, "other": second}


def _tell(kind: str, deal: Deal, other: Deal, by: Actor, word: str) -> None:
    for here, there in ((deal, other), (other, deal)):
        record_deal(kind, here, by, {"other": there.pk, "word": word})
