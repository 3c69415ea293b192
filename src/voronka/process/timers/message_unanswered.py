"""Messages of clients that nobody has answered. The facts are the events that the inbox tells."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from voronka.deals.models import Deal
from voronka.kernel.models import Event

from ..models import Firing
from ..schema import Rule
from ..triggers import MessageUnanswered
from ._base import Due, Look, Timer, coming_turn, turn_of

#: What has waited longer is no longer a question of minutes.
OLDEST = timedelta(days=30)


class AnswerTimer(Timer):
    """The last thing the client said counts; an answer, by whatever channel, settles it."""

    def find(self, rules: Sequence[Rule], look: Look) -> Iterable[Due]:
        for rule in rules:
            when = _when(rule)
            for funnel in when.funnels or look.current.places.funnel_ids:
                calendar = look.calendar(funnel, when.clock)
                since, until = look.window(rule, when.after.length, calendar)
                if when.every:
                    since = look.now - OLDEST
                asked = unanswered().filter(at__gt=max(since, look.now - OLDEST), at__lte=until)
                for event in asked.filter(funnel_id=look.current.places.funnel_ids[funnel]).order_by("at")[
                    : look.limit
                ]:
                    about = f"message:{event.pk}"
                    last = Firing.objects.filter(rule=rule.key, about=about).order_by("-turn").first()
                    before = (last.turn, last.due_at) if last else None
                    if turn := turn_of(event.at, when.after, when.every, look, calendar, before):
                        yield Due(rule=rule.key, about=about, turn=turn[0], due_at=turn[1], deal_id=event.deal_id)

    def holds(self, rule: Rule, firing: Firing, deal: Deal | None, look: Look) -> bool:
        return unanswered().filter(pk=firing.about.split(":")[1]).exists()

    def next_at(self, rule: Rule, deal: Deal, look: Look) -> datetime | None:
        when, funnel = _when(rule), look.current.places.funnels.get(deal.funnel_id, "")
        event = unanswered().filter(deal_id=deal.pk).order_by("-id").first()
        if event is None or (when.funnels and funnel not in when.funnels):
            return None
        return coming_turn(event.at, when.after, when.every, look, look.calendar(funnel, when.clock))


def unanswered() -> QuerySet[Event]:
    said = Event.objects.filter(deal_id=OuterRef("deal_id"), pk__gt=OuterRef("pk"))
    later = said.filter(kind__in=("message.received", "message.sent"))
    return Event.objects.filter(~Exists(later), kind="message.received", deal_id__isnull=False)


def _when(rule: Rule) -> MessageUnanswered:
    assert isinstance(rule.when, MessageUnanswered)
    return rule.when
