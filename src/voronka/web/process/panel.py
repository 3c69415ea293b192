"""The panel of a stage: how deals pass it, its rules and guards in sentences, what hangs there."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from markupsafe import Markup, escape

from voronka.deals.models import Deal
from voronka.process import sentences, values
from voronka.process.changes import spoken
from voronka.process.models import BrokenRule
from voronka.process.schema import Funnel, Process, Rule, Stage
from voronka.staff.models import Person

from . import figures, icons
from .shown import Shown

#: So many deals that hang are shown in the panel; the rest are a click away.
SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class Line:
    """One sentence of the panel. `html`: with what the draft changed marked; `note`: an empty or a short word."""

    icon: str
    html: Markup
    note: str = ""
    tone: str = ""
    changed: bool = False


@dataclass(frozen=True, kw_only=True)
class Way:
    """Deals that came from or went to another stage in the period."""

    title: str
    flow: figures.Flow
    url: str


def panel_facts(
    person: Person, shown: Shown, ref: str, days: int, loads: Mapping[int, figures.Load] | None = None
) -> dict:
    """`loads`: what `figures.stage_loads` said, where it has been asked already."""
    process, row = shown.process, shown.stage_rows.get(ref)
    funnel = next(one for one in process.funnels if one.key == ref.split("/")[0])
    stage = process.stages[ref]
    found = figures.flows(person, days)
    lost = {one.pk for one in shown.stage_rows.values() if one.meaning == "lost"}
    late = figures.late_deals(person).filter(stage=row) if row else Deal.objects.none()
    hanging = list(late.select_related("company", "responsible").order_by("stage_entered_at")[: SHOWN + 1])
    return {
        "shown": shown,
        "ref": ref,
        "stage": stage,
        "stage_row": row,
        "funnel": funnel,
        "place": funnel.stages.index(stage) + 1,
        "load": (loads or figures.stage_loads(person, days)).get(row.pk, figures.Load()) if row else figures.Load(),
        "pace": figures.pace(row.pk, lost, found) if row else figures.Pace(stay=None, onward=None),
        "lines": [*rule_lines(shown, ref), *guard_lines(process, funnel, stage)],
        "hanging": hanging[:SHOWN],
        "more_hanging": len(hanging) > SHOWN,
        "stuck_url": f"{reverse('process-stuck')}?reason=late&stage={row.pk}" if row else "",
        "ins": _ways(shown, found, row.pk, days, into=True) if row else [],
        "outs": _ways(shown, found, row.pk, days, into=False) if row else [],
    }


def rule_lines(shown: Shown, ref: str) -> list[Line]:
    """The rules of a stage, as the draft has them, and those it takes away."""
    aside = set(BrokenRule.objects.values_list("rule", flat=True))
    before = {rule.key: rule for rule in shown.active.rules}
    lines = [
        _rule_line(rule, before.get(rule.key), shown, aside) for rule in shown.process.rules if concerns(rule, ref)
    ]
    kept = {rule.key for rule in shown.process.rules}
    gone = [rule for rule in shown.active.rules if rule.key not in kept and concerns(rule, ref)]
    return lines + [
        Line(
            icon=icons.of_rule(rule),
            html=Markup("<del>{}</del>").format(sentences.rule(rule, shown.active)),
            note=_("removed"),
            tone="today",
            changed=True,
        )
        for rule in gone
    ]


def concerns(rule: Rule, ref: str) -> bool:
    return ref in {str(stage) for stage in getattr(rule.when, "stages", ())}


def _rule_line(rule: Rule, before: Rule | None, shown: Shown, aside: set[str]) -> Line:
    url = reverse("process-rule", args=[rule.key])
    now = sentences.rule(rule, shown.process)
    was = sentences.rule(before, shown.active) if before else now
    changed = bool(shown.draft) and (before is None or was != now)
    note, tone = ("", "")
    if rule.key in aside:
        note, tone = _("set aside"), "late"
    elif changed:
        note, tone = (pgettext("rule", "new") if before is None else _("changed")), "today"
    elif not rule.supported:
        note = _("not at work yet")
    return Line(icon=icons.of_rule(rule), html=linked(was, now, url), note=note, tone=tone, changed=changed)


def linked(was: str, now: str, url: str) -> Markup:
    """A sentence whose named things open the rule, with words struck that the draft takes away."""
    return Markup("").join(
        Markup("<del>{}</del> ").format(text.strip()) if mark == "-" else _quotes(text, url, fresh=mark == "+")
        for mark, text in pieces(was, now)
    )


def pieces(was: str, now: str) -> Iterator[tuple[str, str]]:
    """A text against the one before, by words: («=», same), («-», gone), («+», new)."""
    old, new = re.findall(r"\S+\s*", was), re.findall(r"\S+\s*", now)
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield "=", "".join(new[j1:j2])
            continue
        if i2 > i1:
            yield "-", "".join(old[i1:i2])
        if j2 > j1:
            yield "+", "".join(new[j1:j2])


def _quotes(text: str, url: str, *, fresh: bool) -> Markup:
    if fresh:
        return Markup('<a href="{}"><ins>{}</ins></a> ').format(url, text.strip())
    parts = re.split(r"(«[^»]*»)", text)
    return Markup("").join(
        Markup('<a href="{}">{}</a>').format(url, part) if part.startswith("«") else escape(part) for part in parts
    )


def guard_lines(process: Process, funnel: Funnel, stage: Stage) -> list[Line]:
    """What keeps deals from coming here or going on."""
    place = funnel.stages.index(stage)
    following = next((one for one in funnel.stages[place + 1 :] if one.meaning in ("open", "won")), None)
    said: list[tuple[str, str]] = []
    if stage.required:
        said.append((icons.FIELDS, _("Lets in only with: {fields}.").format(fields=_fields(stage, process))))
    if stage.may_enter:
        said.append((icons.LOCK, _("Only these bring deals here: {roles}.").format(roles=_roles(stage, process))))
    if stage.approval:
        role = process.outline.title(values.ROLE, stage.approval)
        said.append((icons.LOCK, _("Coming here waits for the word of: {role}.").format(role=role)))
    if following and following.required and stage.meaning not in ("won", "lost"):
        text = _("On to «{stage}» only with: {fields}.")
        said.append((icons.FIELDS, text.format(stage=following.title, fields=_fields(following, process))))
    if stage.meaning not in ("won", "lost"):
        said += _funnel_guards(funnel)
    if stage.meaning == "lost" and funnel.loss_reasons:
        said.append((icons.LOSS, _reasons(funnel)))
    return [Line(icon=icon, html=escape(text)) for icon, text in said]


def _funnel_guards(funnel: Funnel) -> Iterator[tuple[str, str]]:
    if funnel.only_forward and funnel.no_skipping:
        yield icons.LOCK, _("No way back and no skipping of stages.")
    elif funnel.only_forward:
        yield icons.LOCK, _("No way back.")
    elif funnel.no_skipping:
        yield icons.LOCK, _("Stages are not skipped.")
    if funnel.next_step_required:
        yield icons.LOCK, _("The card can't be left without an open task.")


def _reasons(funnel: Funnel) -> str:
    count = len(funnel.loss_reasons)
    text = ngettext("A loss needs its reason: %(num)d.", "A loss needs one of %(num)d reasons.", count) % {"num": count}
    commented = [reason.title for reason in funnel.loss_reasons if reason.comment_required]
    if commented:
        names = ", ".join(f"«{title}»" for title in commented)
        text += " " + _("With a comment: {reasons}.").format(reasons=names)
    return text


def _fields(stage: Stage, process: Process) -> str:
    return spoken(stage.required, process.outline)


def _roles(stage: Stage, process: Process) -> str:
    return spoken(stage.may_enter, process.outline)


def _ways(shown: Shown, found: figures.Flows, stage: int, days: int, *, into: bool) -> Sequence[Way]:
    names = shown.rows_by_id
    own = names[stage].funnel_id
    ways = []
    for (here, there), flow in found.moves.items():
        mine, other = (there, here) if into else (here, there)
        if mine == stage and other in names:
            row = names[other]
            title = row.title if row.funnel_id == own else f"{row.funnel.title}: {row.title}"
            url = f"{reverse('process-flow')}?days={days}&here={here}&there={there}"
            ways.append(Way(title=title, flow=flow, url=url))
    return sorted(ways, key=lambda way: -way.flow.deals)
