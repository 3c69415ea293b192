"""Clients with whom nothing has been said for long."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import BigIntegerField, CharField, Exists, F, OuterRef, Value
from django.db.models.functions import Cast, Concat, Extract

from voronka.clients.models import Company
from voronka.deals.models import Deal

from ..models import Firing
from ..schema import Rule
from ..triggers import NoInteraction
from ._base import Due, Look, Timer, coming_turn, turn_of

#: Whom nobody has talked to for years is no news to a rule made today.
OLDEST = timedelta(days=3 * 365)


class SilenceTimer(Timer):
    """Each time something is said the clock begins anew: the moment it was said is the fact."""

    def find(self, rules: Sequence[Rule], look: Look) -> Iterable[Due]:
        for rule in rules:
            when = _when(rule)
            calendar = look.calendar("", when.clock)
            since, until = look.window(rule, when.after.length, calendar)
            epoch = Cast(Extract("last_interaction_at", "epoch"), BigIntegerField())
            name = Concat(Value("silent:"), Cast(F("pk"), CharField()), Value(":"), Cast(epoch, CharField()))
            silent = Company.objects.filter(
                last_interaction_at__gt=max(since, look.now - OLDEST), last_interaction_at__lte=until
            )
            silent = silent.annotate(about=name).order_by("last_interaction_at", "pk")
            fired = Firing.objects.filter(rule=rule.key, about=OuterRef("about"))
            for company in silent.filter(~Exists(fired))[: look.limit]:
                yield from self._turn(rule, company, look)
            # The next turns are looked for with every whole look, not with each: all silent clients are read then.
            if when.every and rule.key not in look.since:
                last = fired.order_by("-turn")
                again = silent.annotate(turn=last.values("turn")[:1], at=last.values("due_at")[:1]).exclude(turn=None)
                for company in again.filter(at__lte=look.now - when.every.delta)[: look.limit]:
                    yield from self._turn(rule, company, look, last=(company.turn, company.at))

    def holds(self, rule: Rule, firing: Firing, deal: Deal | None, look: Look) -> bool:
        return firing.company is not None and about(firing.company) == firing.about

    def next_at(self, rule: Rule, deal: Deal, look: Look) -> datetime | None:
        said, when = deal.company.last_interaction_at, _when(rule)
        if said is None:
            return None
        return coming_turn(said, when.after, when.every, look, look.calendar("", when.clock))

    def _turn(self, rule: Rule, company: Company, look: Look, last: tuple[int, datetime] | None = None):
        when, said = _when(rule), company.last_interaction_at
        assert said is not None
        if turn := turn_of(said, when.after, when.every, look, look.calendar("", when.clock), last):
            yield Due(rule=rule.key, about=about(company), turn=turn[0], due_at=turn[1], company_id=company.pk)


def about(company: Company) -> str:
    said = company.last_interaction_at
    return f"silent:{company.pk}:{round(said.timestamp()) if said else 0}"


def _when(rule: Rule) -> NoInteraction:
    assert isinstance(rule.when, NoInteraction)
    return rule.when
