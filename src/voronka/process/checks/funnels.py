"""Funnels: a way in, a way through, a way out; terms on the way; reasons of loss; somebody who manages."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from ..schema import Funnel, Process, Stage
from ..triggers import StageTime
from ._base import WARNING, Cure, Finding, Path, stages_of

CLOSING = ("won", "lost")


def funnels_lead_somewhere(process: Process) -> Iterator[Finding]:
    """Every funnel has stages to work on and a way out; every stage of a one-way funnel too."""
    for index, funnel in enumerate(process.funnels):
        path: Path = ("funnels", index, "stages")
        meanings = [stage.meaning for stage in funnel.stages]
        if "open" not in meanings:
            yield Finding(
                path, _("The funnel «{title}» has no stage to work on.").format(title=funnel.title),
                remedy=_("Add a stage between the first and the last one."),
            )  # fmt: skip
        if not set(CLOSING) & set(meanings):
            yield Finding(
                path,
                _("There is no way out of the funnel «{title}»: add a won or a lost stage.").format(title=funnel.title),
                remedy=_("Give the last stage the meaning «won» or «lost»."),
            )
        elif funnel.only_forward:
            yield from _stuck(path, funnel)


def _stuck(path: Path, funnel: Funnel) -> Iterator[Finding]:
    """Only forward and never lost: after the last closing stage there is nowhere to go."""
    if any(stage.meaning == "lost" for stage in funnel.stages):
        return
    last = max(index for index, stage in enumerate(funnel.stages) if stage.meaning in CLOSING)
    for index, stage in enumerate(funnel.stages):
        if stage.meaning == "open" and index > last:
            yield Finding(
                (*path, index),
                _("There is no way out of the stage «{title}»: this funnel goes only forward.").format(
                    title=stage.title
                ),
                remedy=_("Put it before the closing stage, or add a lost stage."),
            )


def stages_are_reached(process: Process) -> Iterator[Finding]:
    """Unsorted stands first and alone, nothing stands behind the closing stages."""
    for index, funnel in enumerate(process.funnels):
        closed = False
        for number, stage in enumerate(funnel.stages):
            path: Path = ("funnels", index, "stages", number)
            if stage.meaning == "unsorted" and number:
                yield Finding(
                    path, _("Unsorted inquiries belong to the first stage."),
                    remedy=_("Put it first, or give it the meaning «open»."),
                )  # fmt: skip
            if closed and stage.meaning == "open":
                yield Finding(
                    path,
                    _("Nobody gets to «{title}»: it stands after a closing stage.").format(title=stage.title),
                    remedy=_("Put it before the closing stages."),
                )
            closed = closed or stage.meaning in CLOSING


def stages_have_terms(process: Process) -> Iterator[Finding]:
    """A stage where a deal may hang for ever, and nobody hears of it."""
    timed = {ref for rule in process.rules if isinstance(rule.when, StageTime) for ref in stages_of(rule.when)}
    for index, funnel in enumerate(process.funnels):
        for number, stage in enumerate(funnel.stages):
            if _may_hang(stage) and f"{funnel.key}/{stage.key}" not in timed:
                path: Path = ("funnels", index, "stages", number)
                yield Finding(
                    path,
                    _("The stage «{title}» has neither a limit nor a timer: a deal may hang there unseen.").format(
                        title=stage.title
                    ),
                    remedy=_("Set a limit, or add a rule about the time on this stage."),
                    level=WARNING,
                    cure=Cure(path=(*path, "limit"), value="3 days", text=_("Limit of 3 days")),
                )


def _may_hang(stage: Stage) -> bool:
    return stage.meaning not in CLOSING and stage.limit is None


def losses_have_reasons(process: Process) -> Iterator[Finding]:
    for index, funnel in enumerate(process.funnels):
        if any(stage.meaning == "lost" for stage in funnel.stages) and not funnel.loss_reasons:
            yield Finding(
                ("funnels", index),
                _("The funnel «{title}» can be lost but has no reasons of loss.").format(title=funnel.title),
                remedy=_("Add «{key}» with at least one reason.").format(key="loss_reasons"),
            )


def inquiries_have_a_way(process: Process) -> Iterator[Finding]:
    if process.funnels and process.intake is None:
        yield Finding(
            (), _("«{key}» is missing.").format(key="intake"),
            remedy=_("Say which funnel takes new inquiries."),
        )  # fmt: skip


def somebody_manages(process: Process) -> Iterator[Finding]:
    if process.roles and not any("manage_people" in role.may for role in process.roles):
        yield Finding(
            ("roles",), _("No role may manage people: everybody would be locked out."),
            remedy=_("Give a role the permission «{name}».").format(name="manage_people"),
        )  # fmt: skip
