"""Moments by date fields of deals. A changed date is another moment; the one before is then nobody's."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from django.db import connection

from voronka.deals.models import Deal

from ..models import Firing
from ..moments import moment_of
from ..schema import Rule
from ..triggers import DateField
from ._base import Due, Look, Timer

# The index over fields knows whole values only, so each day (of a field with an hour: each minute) is one question.
_FIND = """
    SELECT deal.id, deal.fields::text FROM unnest(%(values)s::text[]) AS wanted(value)
    JOIN deals_deal AS deal ON deal.fields @> jsonb_build_object(%(field)s::text, wanted.value)
    WHERE deal.stage_id = ANY(%(stages)s::bigint[]) AND (deal.closed_at IS NULL OR %(closed)s)
"""
_DAY = timedelta(days=1)
#: A date that is set so that its moment was not longer ago than this still counts.
GRACE = timedelta(hours=1)


class DateTimer(Timer):
    def find(self, rules: Sequence[Rule], look: Look) -> Iterable[Due]:
        for rule in rules:
            since = look.seen(rule) - GRACE
            for deal_id, fields in self._deals(rule, since, look):
                moment = moment_of(_when(rule).at, fields, look.zone)
                if moment is not None and since < moment <= look.now:
                    yield Due(rule=rule.key, about=about(deal_id, moment), due_at=moment, deal_id=deal_id)

    def holds(self, rule: Rule, firing: Firing, deal: Deal | None, look: Look) -> bool:
        if deal is None or (deal.closed_at is not None and not _when(rule).closed):
            return False
        moment = moment_of(_when(rule).at, deal.fields, look.zone)
        return deal.stage_id in _stages(rule, look) and moment is not None and about(deal.pk, moment) == firing.about

    def next_at(self, rule: Rule, deal: Deal, look: Look) -> datetime | None:
        moment = moment_of(_when(rule).at, deal.fields, look.zone)
        return moment if moment and moment > look.now and deal.stage_id in _stages(rule, look) else None

    def _deals(self, rule: Rule, since: datetime, look: Look) -> list[tuple[int, dict]]:
        when = _when(rule)
        first, last = since - when.at.shift, look.now - when.at.shift
        exact = _has_hour(when, look)
        if exact and when.at.clock:
            first, last = first - _DAY, last + _DAY  # a fixed hour counts, whatever hour the field keeps
        values = list(_values(first, last, look, exact=exact))
        with connection.cursor() as cursor:
            cursor.execute(
                _FIND,
                {"values": values, "field": when.at.field, "stages": _stages(rule, look), "closed": when.closed},
            )
            return [(pk, json.loads(fields)) for pk, fields in cursor.fetchall()]


def about(deal_id: int, moment: datetime) -> str:
    return f"date:{deal_id}:{round(moment.timestamp())}"


def _values(since: datetime, until: datetime, look: Look, *, exact: bool) -> Iterator[str]:
    """Every value a field may hold between these moments, as it is kept."""
    first, last = since.astimezone(look.zone), until.astimezone(look.zone)
    if not exact:
        for number in range((last.date() - first.date()).days + 3):
            yield (first.date() + (number - 1) * _DAY).isoformat()
        return
    minute = first.replace(second=0, microsecond=0, tzinfo=None)
    while minute <= last.replace(tzinfo=None):
        yield minute.isoformat(timespec="minutes")
        minute += timedelta(minutes=1)


def _has_hour(when: DateField, look: Look) -> bool:
    declared = next((one for one in look.current.process.fields.deal if one.key == when.at.field), None)
    return declared is not None and declared.type == "datetime"


def _stages(rule: Rule, look: Look) -> list[int]:
    when, ids = _when(rule), look.current.places.stage_ids
    return [
        pk
        for ref, pk in ids.items()
        if (not when.stages or ref in when.stages) and (not when.funnels or ref.split("/")[0] in when.funnels)
    ]


def _when(rule: Rule) -> DateField:
    assert isinstance(rule.when, DateField)
    return rule.when
