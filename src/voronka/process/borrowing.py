"""Taking a funnel of one process into another: with its rules, scripts, and whatever those name.

What both have under one key must be the same thing, or the borrower says that theirs stands; a role and a kind of tasks
are the borrower's own. A funnel whose key is taken gets another one. A rule comes along when it is about this funnel
and leads nowhere the borrower doesn't have.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from . import conditions, values
from .editing import Editor, Place
from .schema import Process

Tree = dict[str, Any]

#: Kind of a reference → where such things stand in a document, and what is said when two differ.
_SHELVES: Mapping[str, tuple[Place, Any]] = {
    values.FIELD: (("fields", "deal"), gettext_lazy("Both have the field «{title}» ({key}), but not the same one.")),
    values.TEMPLATE: (("templates",), gettext_lazy("Both have the template «{title}» ({key}), but not the same text.")),
    values.CALENDAR: (
        ("calendars",),
        gettext_lazy("Both have the calendar «{title}» ({key}), but not the same hours."),
    ),
    values.SEGMENT: (("segments",), gettext_lazy("Both have the segment «{title}» ({key}), but not the same one.")),
    values.TASK_KIND: (("task_kinds",), ""),
    values.ROLE: (("roles",), ""),
}


@dataclass(frozen=True, kw_only=True)
class Clash:
    """Both processes mean something else by one key: the borrower says whose stands. `key`: «field:players»."""

    key: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Loan:
    """A funnel on its way. `brought`: each thing with the list of the document where it goes; `left`: titles of rules
    that stay behind, since they lead where the borrower has nothing. `clashes` keep it from being taken.
    """

    funnel: Tree
    rules: Sequence[Tree]
    scripts: Sequence[Tree]
    brought: Sequence[tuple[Place, Tree]]
    clashes: Sequence[Clash]
    left: Sequence[str]

    def write(self, editor: Editor) -> None:
        """Put all of it at the ends of the lists of a document."""
        for place, thing in self.brought:
            editor.put(place, thing)
        editor.put(("funnels",), self.funnel)
        for rule in self.rules:
            editor.put(("rules",), rule)
        for script in self.scripts:
            editor.put(("scripts",), script)
        if editor.get(("intake",)) is None:
            editor.write_at(["intake"], {"new": self.funnel["key"]})


def loan(key: str, *, source: Process, into: Process, own: Collection[str] = ()) -> Loan:
    """What comes with the funnel `key` of `source`. `own`: keys of clashes where the borrower's thing stands."""
    theirs, ours = _plain(source), _plain(into)
    to = _free(key, {funnel.key for funnel in into.funnels})
    funnel = _rekeyed(next(one for one in theirs["funnels"] if one["key"] == key), key, to)
    about = [rule for rule in (_narrowed_rule(one, key) for one in theirs.get("rules", [])) if rule]
    rules = [_rekeyed(rule, key, to) for rule in about if _leads_home(rule, key, into)]
    scripts = [_rekeyed(one, key, to) for one in (_narrowed(one, key) for one in theirs.get("scripts", [])) if one]
    brought: list[tuple[Place, Tree]] = []
    clashes: list[Clash] = []
    for kind, name in _named([funnel, *rules, *scripts], source):
        _bring(kind, name, theirs, ours, brought, clashes)
    taken = {script["key"] for script in ours.get("scripts", [])}
    return Loan(
        funnel={**funnel, "key": to},
        rules=_with_own_keys(to, rules, ours.get("rules", [])),
        scripts=[script for script in scripts if script["key"] not in taken],
        brought=brought,
        clashes=[clash for clash in clashes if clash.key not in own],
        left=[rule["title"] for rule in about if not _leads_home(rule, key, into)],
    )


def _plain(process: Process) -> Tree:
    return process.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def _free(key: str, taken: Collection[str]) -> str:
    """The key, or with a number behind it when it is taken."""
    number = 1
    while (free := key if number == 1 else f"{key}-{number}") in taken:
        number += 1
    return free


def _rekeyed(tree: Any, key: str, to: str, name: str = "") -> Any:
    """The same with the funnel called `to`, wherever it and its stages are named."""
    if key == to:
        return tree
    if name in ("if", "derived"):
        return conditions.renamed(tree, lambda kind, ref: _renamed_ref(ref, key, to))
    if isinstance(tree, dict):
        return {inner: _rekeyed(item, key, to, inner) for inner, item in tree.items()}
    if isinstance(tree, list):
        return [_rekeyed(item, key, to, name) for item in tree]
    return _renamed_ref(tree, key, to) if name in ("stages", "funnels", "at", "to") and isinstance(tree, str) else tree


def _renamed_ref(ref: str, key: str, to: str) -> str:
    funnel, slash, stage = ref.partition("/")
    return f"{to}{slash}{stage}" if funnel == key else ref


def _narrowed_rule(rule: Tree, key: str) -> Tree | None:
    """A rule set off in this funnel, as far as it is."""
    when = _narrowed(rule["when"], key)
    return {**rule, "when": when} if when else None


def _leads_home(rule: Tree, key: str, into: Process) -> bool:
    """Whether it names no stage and no funnel which is not there."""
    return not any(_is_elsewhere(kind, ref, key, into) for kind, ref in _places(rule))


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


def _bring(
    kind: str, name: str, theirs: Tree, ours: Tree, brought: list[tuple[Place, Tree]], clashes: list[Clash]
) -> None:
    place, sentence = _SHELVES[kind]
    thing = next((one for one in _shelf(theirs, place) if one["key"] == name), None)
    if thing is None:
        return  # built in: everybody has it
    own = next((one for one in _shelf(ours, place) if one["key"] == name), None)
    if own is None:
        brought.append((place, thing))
    elif sentence and {**own, "title": "", "group": ""} != {**thing, "title": "", "group": ""}:
        clashes.append(Clash(key=f"{kind}:{name}", text=str(sentence).format(key=name, title=own["title"])))


def _shelf(tree: Tree, place: Place) -> list[Tree]:
    for name in place[:-1]:
        tree = tree.get(name, {})
    return tree.get(place[-1], [])


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
