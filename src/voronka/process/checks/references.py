"""Keys: each once, each pointing at something that is there."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _

from .. import conditions, values
from ..schema import Process
from ._base import Finding, Path, children, written


def doubled_keys(process: Process) -> Iterator[Finding]:
    """Two things of one kind with one key."""
    for path, items in _lists(process, ()):
        seen: set[str] = set()
        for index, item in enumerate(items):
            key = getattr(item, "key", None)
            if key is not None and key in seen:
                yield Finding(
                    (*path, index, "key"), _("The key «{key}» is used twice.").format(key=key),
                    remedy=_("Give one of the two another key."),
                )  # fmt: skip
            seen.add(key or "")


def dangling_references(process: Process) -> Iterator[Finding]:
    """A key of something that isn't declared."""
    for path, text in written(process):
        for kind, key in text.refers():
            if not process.outline.knows(kind, key):
                yield _dangling(path, kind, key, process)


def conditions_can_be_asked(process: Process) -> Iterator[Finding]:
    """Conditions over fields that are there, with operators and values that fit."""
    for index, rule in enumerate(process.rules):
        if rule.if_ is None:
            continue
        path: Path = ("rules", index, "if")
        missing = [ref for ref in conditions.references(rule.if_) if not process.outline.knows(*ref)]
        yield from (_dangling(path, kind, key, process) for kind, key in missing)
        if not missing and (text := conditions.mistake(rule.if_, process, rule.subject)):
            yield Finding(path, text, remedy=_("Choose the field, the operator and the value anew."))


def _dangling(path: Path, kind: str, key: str, process: Process) -> Finding:
    known = list(process.outline.titles.get(kind, {}))
    close = get_close_matches(key, known, n=1)
    remedy = _("Is it «{key}»?").format(key=close[0]) if close else _("Declare it, or name another one.")
    return Finding(path, _unknown(kind, key), remedy=remedy)


def _unknown(kind: str, key: str) -> str:
    sentence = {
        values.STAGE: _("There is no stage «{key}»."),
        values.FUNNEL: _("There is no funnel «{key}»."),
        values.ROLE: _("There is no role «{key}»."),
        values.FIELD: _("There is no deal field «{key}»."),
        values.TASK_KIND: _("There is no kind of tasks «{key}»."),
        values.RULE: _("There is no rule «{key}»."),
        values.BRAND: _("There is no brand «{key}»."),
        values.LOCATION: _("There is no location «{key}»."),
        values.CALENDAR: _("There is no calendar «{key}»."),
        values.TEMPLATE: _("There is no message template «{key}»."),
        values.SEGMENT: _("There is no segment «{key}»."),
        values.REASON: _("No funnel has the reason of loss «{key}»."),
        values.PLACEHOLDER: _("Nothing is known to put in place of {{{key}}}."),
    }.get(kind, _("There is no «{key}»."))
    return sentence.format(key=key)


def _lists(node: Any, path: Path) -> Iterator[tuple[Path, list]]:
    if isinstance(node, list):
        yield path, node
    for deeper, child in children(node, path):
        yield from _lists(child, deeper)
