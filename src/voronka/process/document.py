"""Reading and writing the process document. Mistakes come with the line, the path and a plain sentence."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from io import StringIO
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from . import checks
from .schema import Process

Path = tuple[str | int, ...]

# Nobody writes a longer process by hand; a longer text is a mistake or an attack.
LONGEST = 1_000_000


@dataclass(frozen=True, order=True)
class Mistake:
    """`line` counts from 1; `path` reads «rules.2.when.after», empty for the document as a whole.

    `remedy` says what to do; a `level` of warning keeps nobody from using the document. `cure`: what a button may do.
    """

    line: int
    path: str
    text: str
    remedy: str = ""
    level: str = checks.MISTAKE
    cure: checks.Cure | None = field(default=None, compare=False)

    def __str__(self) -> str:
        where = _("line {line}").format(line=self.line)
        said = f"{self.text} {self.remedy}".strip()
        return f"{where}, {self.path}: {said}" if self.path else f"{where}: {said}"


class DocumentErrors(Exception):
    """The document can't be used. `errors` in order of lines; `name` is the file's."""

    def __init__(self, errors: Sequence[Mistake], name: str = "") -> None:
        self.errors, self.name = sorted(errors), name
        super().__init__("\n".join(f"{name}: {error}" if name else str(error) for error in self.errors))


def load(text: str, *, name: str = "") -> Process:
    """The checked process of a text. Raises DocumentErrors; warnings are for `review`."""
    try:
        process = _typed(text)[1]
        mistakes = [found for found in review(text) if found.level == checks.MISTAKE]
    except DocumentErrors as error:
        raise DocumentErrors(error.errors, name) from error
    if mistakes:
        raise DocumentErrors(mistakes, name)
    return process


def review(text: str, company: checks.Company | None = None) -> list[Mistake]:
    """All that the checks find in a document that can be read, by line. Raises DocumentErrors when it can't."""
    tree, process = _typed(text)
    return sorted(
        Mistake(_line(tree, found.path), _path(found.path), found.text, found.remedy, found.level, found.cure)
        for found in checks.run(process, company)
    )


def trusted(text: str) -> Process:
    """The process of a text that was checked when it was switched on."""
    return _typed(text)[1]


def write(process: Process) -> str:
    """The document of a process, in the form people write; `load(write(p)) == p`."""
    yaml = YAML()
    yaml.default_flow_style, yaml.allow_unicode, yaml.width = False, True, 110
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    yaml.dump(process.model_dump(mode="json", by_alias=True, exclude_defaults=True), out)
    return out.getvalue()


def json_schema() -> str:
    """JSON Schema of the document, for editors that complete and underline."""
    return json.dumps(Process.model_json_schema(by_alias=True), ensure_ascii=False, indent=2)


@lru_cache(maxsize=16)
def _typed(text: str) -> tuple[Any, Process]:
    """The tree, which knows its lines, and the process: nobody changes them, and reading takes a third of a second."""
    tree = _parse(text)
    try:
        return tree, Process.model_validate(tree)
    except ValidationError as error:
        raise DocumentErrors([_mistake(tree, problem) for problem in error.errors()]) from error


def _parse(text: str) -> Any:
    if len(text) > LONGEST:
        raise DocumentErrors([Mistake(1, "", _("The document is too long."))])
    try:
        tree = YAML(typ="rt").load(text)
    except DuplicateKeyError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DocumentErrors([Mistake(line, "", _("This key is written twice."))]) from error
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise DocumentErrors([Mistake(line, "", _yaml_words(error))]) from error
    except (YAMLError, ValueError, RecursionError) as error:
        raise DocumentErrors([Mistake(1, "", _("This can't be read as YAML."))]) from error
    if not isinstance(tree, dict):
        raise DocumentErrors([Mistake(1, "", _("A process document is a list of keys and values."))])
    return tree


def _yaml_words(error: MarkedYAMLError) -> str:
    problem = str(error.problem or error.context or "")
    if "tab" in problem or "\\t" in problem:
        return _("Indent with spaces, not tabs.")
    if "mapping values are not allowed" in problem:
        return _("A colon in a text: put the text in quotes, or mend the indent.")
    return _("This can't be read as YAML: check the indent, quotes and dashes of this line and the one above.")


def _mistake(tree: Any, problem: Any) -> Mistake:
    path = _real_path(tree, problem["loc"])
    return Mistake(_line(tree, path), _path(path), words(problem))


def _real_path(tree: Any, location: Sequence[str | int]) -> Path:
    """The pydantic location without the names of union members, which are not in the document."""
    path: list[str | int] = []
    node = tree
    for index, part in enumerate(location):
        if _has(node, part):
            node = node[part]
            path.append(part)
        elif index == len(location) - 1:
            path.append(part)
    return tuple(path)


def _has(node: Any, part: str | int) -> bool:
    if isinstance(node, list):
        return isinstance(part, int) and part < len(node)
    return isinstance(node, dict) and part in node


def _line(tree: Any, path: Sequence[str | int]) -> int:
    """Line of the deepest part of the path that is written."""
    node, line = tree, 1
    for part in path:
        if not _has(node, part):
            break
        position = getattr(node, "lc", None)
        if position is not None and position.data and part in position.data:
            line = position.data[part][0] + 1
        node = node[part]
    return line


def _path(path: Sequence[str | int]) -> str:
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path)


def words(problem: Any) -> str:
    """A pydantic problem as a sentence."""
    kind, key = problem["type"], str(problem["loc"][-1]) if problem["loc"] else ""
    if kind == "extra_forbidden":
        return _("There is no key «{key}» here.").format(key=key) + _guess(key)
    if kind.startswith(("decimal", "int", "greater", "less")):
        kind = "number"
    sentence = str(_SENTENCES.get(kind, _("This value does not fit: {msg}.")))
    context = {name: str(value).replace("'", "") for name, value in problem.get("ctx", {}).items()}
    return sentence.format(**{"key": key, "msg": problem["msg"], **context})


_SENTENCES = {
    "missing": gettext_lazy("«{key}» is missing."),
    "union_tag_invalid": gettext_lazy("«{tag}» is unknown. Known: {expected_tags}."),
    "union_tag_not_found": gettext_lazy("Say which kind: the key {discriminator} is missing."),
    "literal_error": gettext_lazy("Choose one of: {expected}."),
    "string_pattern_mismatch": gettext_lazy("Write a key: Latin letters, digits, dashes and underscores."),
    "value_error": "{error}",
    "string_type": gettext_lazy("Write a text here."),
    "string_too_short": gettext_lazy("Write a text here."),
    "string_too_long": gettext_lazy("At most {max_length} characters."),
    "bool_type": gettext_lazy("Write true or false."),
    "bool_parsing": gettext_lazy("Write true or false."),
    "list_type": gettext_lazy("Write a list here: each item on its own line after a dash."),
    "too_short": gettext_lazy("At least one item is needed here."),
    "dict_type": gettext_lazy("Write keys and values here."),
    "model_type": gettext_lazy("Write keys and values here."),
    "model_attributes_type": gettext_lazy("Write keys and values here."),
    "number": gettext_lazy("Write a number, zero or more."),
}


def _guess(key: str) -> str:
    known = sorted(set(_keys(Process.model_json_schema())))
    close = get_close_matches(key, known, n=1)
    return " " + _("Is it «{key}»?").format(key=close[0]) if close else ""


def _keys(schema: Any) -> Iterator[str]:
    for definition in (schema, *schema.get("$defs", {}).values()):
        yield from definition.get("properties", {})
