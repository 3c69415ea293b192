"""Taking a funnel of one process into another: with its rules, scripts, and whatever those name.

What both have under one key must be the same thing; a role and a kind of tasks are the borrower's own. A rule comes
along when it is about this funnel and leads nowhere the borrower doesn't have.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import conditions, document, values
from .schema import Process

Tree = dict[str, Any]


class Clash(Exception):
    """The two processes mean different things by one key. `sentences`: each thing that keeps them apart."""

    def __init__(self, sentences: list[str]) -> None:
        self.sentences = sentences
        super().__init__("\n".join(sentences))


#: Kind of a reference → where such things stand in a document, and what is said when two differ.
_SHELVES: Mapping[str, tuple[tuple[str, ...], Any]] = {
    values.FIELD: (("fields", "deal"), gettext_lazy("Both have the field «{key}», but not the same one.")),
    values.TEMPLATE: (("templates",), gettext_lazy("Both have the template «{key}», but not the same text.")),
    values.CALENDAR: (("calendars",), gettext_lazy("Both have the calendar «{key}», but not the same hours.")),
    values.SEGMENT: (("segments",), gettext_lazy("Both have the segment «{key}», but not the same one.")),
    values.TASK_KIND: (("task_kinds",), ""),
    values.ROLE: (("roles",), ""),
}


def borrow_funnel(key: str, *, source: Process, into: Process) -> Process:
    """The process `into` with the funnel `key` of `source` added at the end. Raises Clash, DocumentErrors."""
    if any(funnel.key == key for funnel in into.funnels):
        raise Clash([_("There is a funnel «{key}» already.").format(key=key)])
    theirs, ours = _plain(source), _plain(into)
    funnel = next(one for one in theirs["funnels"] if one["key"] == key)
    rules = _rules(key, theirs.get("rules", []), into)
    scripts = [script for script in (_narrowed(one, key) for one in theirs.get("scripts", [])) if script]
    clashes: list[str] = []
    wanted = _named([funnel, *rules, *scripts], source)
    for kind, name in wanted:
        _add(kind, name, theirs, ours, clashes)
    if clashes:
        raise Clash(sorted(set(clashes)))
    ours.setdefault("funnels", []).append(funnel)
    ours.setdefault("rules", []).extend(_with_own_keys(key, rules, ours.get("rules", [])))
    ours.setdefault("scripts", []).extend(
        script for script in scripts if all(script["key"] != one["key"] for one in ours["scripts"])
    )
    ours.setdefault("intake", {"new": key})
    return document.load(document.write(Process.model_validate(ours)))


def _plain(process: Process) -> Tree:
    return process.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def _rules(key: str, rules: list[Tree], into: Process) -> list[Tree]:
    """Rules set off in this funnel, that name no stage and no funnel which is not there."""
    found = []
    for rule in rules:
        when = _narrowed(rule["when"], key)
        if when and not any(_is_elsewhere(kind, ref, key, into) for kind, ref in _places({**rule, "when": when})):
            found.append({**rule, "when": when})
    return found


def _narrowed(part: Tree, key: str) -> Tree | None:
    """A trigger or a script of this funnel alone; None when it is about others or about all."""
    stages = [ref for ref in part.get("stages", []) if ref.split("/")[0] == key]
    funnels = [ref for ref in part.get("funnels", []) if ref == key]
    if not (stages or funnels):
        return None
    return {**part, **({"stages": stages} if stages else {}), **({"funnels": funnels} if funnels else {})}


def _places(tree: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Stages and funnels that a part names, in its keys and in its condition."""
    if name == "if":
        yield from (ref for ref in conditions.references(tree) if ref[0] in (values.STAGE, values.FUNNEL))
    elif isinstance(tree, dict):
        for inner, item in tree.items():
            yield from _places(item, inner)
    elif isinstance(tree, list):
        for item in tree:
            yield from _places(item, name)
    elif name in ("stages", "at", "to") and isinstance(tree, str) and "/" in tree:
        yield values.STAGE, tree


def _is_elsewhere(kind: str, ref: str, key: str, into: Process) -> bool:
    return ref.split("/")[0] != key and not into.outline.knows(kind, ref)


def _named(parts: list[Tree], source: Process) -> list[tuple[str, str]]:
    """Whatever the parts name that stands on a shelf of the source: keys, placeholders, fields of conditions."""
    words = set(_words(parts))
    shelves = source.outline.titles
    return [(kind, name) for kind in _SHELVES for name in shelves.get(kind, {}) if name in words]


def _words(tree: Any) -> Iterator[str]:
    if isinstance(tree, dict):
        for key, item in tree.items():
            yield from _words(key)
            yield from _words(item)
    elif isinstance(tree, list):
        for item in tree:
            yield from _words(item)
    elif isinstance(tree, str):
        yield tree
        if " " in tree or "{" in tree:
            yield from tree.replace("{", " ").replace("}", " ").split()


def _add(kind: str, name: str, theirs: Tree, ours: Tree, clashes: list[str]) -> None:
    path, sentence = _SHELVES[kind]
    brought = next((one for one in _shelf(theirs, path) if one["key"] == name), None)
    if brought is None:
        return  # built in: everybody has it
    own = next((one for one in _shelf(ours, path) if one["key"] == name), None)
    if own is None:
        _shelf(ours, path).append(brought)
    elif sentence and {**own, "title": "", "group": ""} != {**brought, "title": "", "group": ""}:
        clashes.append(str(sentence).format(key=name))


def _shelf(tree: Tree, path: tuple[str, ...]) -> list[Tree]:
    for name in path[:-1]:
        tree = tree.setdefault(name, {})
    return tree.setdefault(path[-1], [])


def _with_own_keys(key: str, rules: list[Tree], taken: list[Tree]) -> list[Tree]:
    """Keys of rules are the borrower's business: one that is taken gets the funnel's name before it. A step that
    closes tasks of rules which stayed behind names only those that came."""
    used = {rule["key"] for rule in taken}
    names = {rule["key"]: f"{key}-{rule['key']}" if rule["key"] in used else rule["key"] for rule in rules}
    renamed = [
        {
            **rule,
            "key": names[rule["key"]],
            "then": list(filter(None, (_closing(step, names) for step in rule["then"]))),
        }
        for rule in rules
    ]
    return [rule for rule in renamed if rule["then"]]


def _closing(step: Tree, names: Mapping[str, str]) -> Tree | None:
    if "rules" not in step:
        return step
    rules = [names[ref] for ref in step["rules"] if ref in names]
    if not rules and not step.get("kinds") and not step.get("all"):
        return None
    return {**step, "rules": rules}
