"""Bodies of foreign posts: JSON, urlencoded with bracket keys, multipart. Pure; the only way out is `BodyError`.

Forms lie about their type, so the Content-Type is believed first and the first byte second.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from typing import Any
from urllib.parse import unquote_to_bytes

from django.utils.translation import gettext as _
from python_multipart.multipart import FormParser

MOST_FIELDS = 3000
DEEPEST = 8
_FORM = "application/x-www-form-urlencoded"
LONGEST_NAME = 300
_LIMITS = {"MAX_MEMORY_FILE_SIZE": 2**24, "MAX_FIELD_SIZE": 2**22, "MAX_FIELDS": MOST_FIELDS}
_BRACKETS = re.compile(r"\[([^\[\]]*)\]")


class BodyError(ValueError):
    """The body can't be read; the text is a sentence for people."""


@dataclass(frozen=True)
class UploadedFile:
    field: str
    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Decoded:
    """`values` is nested: texts, numbers, booleans, lists, mappings."""

    values: dict[str, Any]
    files: tuple[UploadedFile, ...] = ()

    def pairs(self) -> list[tuple[str, str]]:
        """Every leaf as (path, text): `contacts.phone`, `answers.0.q`."""
        return list(_leaves(self.values, ""))


def decode(content_type: str, body: bytes, query: str = "") -> Decoded:
    """Fields of a post. Fields of the address join in where the body does not name them."""
    kind, charset, boundary = _type_of(content_type)
    try:
        decoded = _decode_body(kind, charset, boundary, body)
    except RecursionError as error:
        raise BodyError(_("The body is nested too deep.")) from error
    if query:
        for key, value in _nest(_form_pairs(query.encode("utf-8", "replace"), "utf-8")).items():
            decoded.values.setdefault(key, value)
    if not decoded.values and not decoded.files:
        raise BodyError(_("The body is empty."))
    return decoded


def _decode_body(kind: str, charset: str, boundary: bytes, body: bytes) -> Decoded:
    if kind == "multipart/form-data" and boundary:
        return _multipart(body, boundary, charset)
    start = body.lstrip()[:1]
    looks_json = start in (b"{", b"[")
    if kind == "application/json" or kind.endswith("+json") or looks_json:
        try:
            return Decoded(_json(body, charset))
        except ValueError as error:
            if b"=" not in body or (looks_json and kind != _FORM):
                raise BodyError(_("This is not JSON: {why}").format(why=str(error)[:120])) from error
    if body and b"=" not in body and kind != _FORM:
        raise BodyError(_("The body is neither a form nor JSON."))
    return Decoded(_nest(_form_pairs(body, charset)))


def _type_of(content_type: str) -> tuple[str, str, bytes]:
    message = Message()
    try:
        message["content-type"] = content_type.replace("\r", " ").replace("\n", " ")
        boundary = message.get_param("boundary") or ""
        charset = message.get_param("charset") or "utf-8"
        kind = message.get_content_type() if content_type else ""
    except (ValueError, TypeError, LookupError, AttributeError, IndexError):
        return "", "utf-8", b""
    if isinstance(boundary, tuple) or isinstance(charset, tuple):
        return kind, "utf-8", b""
    return kind, charset, boundary.encode("utf-8", "replace")


def _text(raw: bytes, charset: str) -> str:
    """Bytes to text: as declared, else UTF-8, else the Windows code page of old Russian sites."""
    for name in (charset, "utf-8"):
        try:
            text = raw.decode(name)
            break
        except (UnicodeError, LookupError, ValueError):
            continue
    else:
        text = raw.decode("cp1251", "replace")
    return _storable(text)


def _storable(text: str) -> str:
    if "\x00" in text:
        text = text.replace("\x00", "")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = text.encode("utf-8", "replace").decode("utf-8")
    return text


# -- JSON -----------------------------------------------------------------------------------


def _json(body: bytes, charset: str) -> dict[str, Any]:
    loaded = json.loads(_text(body, charset).lstrip("\ufeff"))
    if isinstance(loaded, list) and len(loaded) == 1 and isinstance(loaded[0], dict):
        loaded = loaded[0]
    if not isinstance(loaded, dict):
        raise ValueError("an object is expected")
    budget = [MOST_FIELDS]
    return _scrub(loaded, budget, 0)


def _scrub(node: Any, budget: list[int], depth: int) -> Any:
    """The same tree with storable texts, bounded in depth and number of leaves."""
    budget[0] -= 1
    if budget[0] < 0:
        raise BodyError(_("The body has too many fields."))
    if isinstance(node, str):
        return _storable(node)
    if depth >= DEEPEST and isinstance(node, (dict, list)):
        return _storable(json.dumps(node, ensure_ascii=False))[:2000]
    if isinstance(node, dict):
        return {_storable(key)[:LONGEST_NAME]: _scrub(value, budget, depth + 1) for key, value in node.items()}
    if isinstance(node, list):
        return [_scrub(value, budget, depth + 1) for value in node]
    return node


# -- forms ----------------------------------------------------------------------------------


def _form_pairs(body: bytes, charset: str) -> list[tuple[str, str]]:
    parts = body.split(b"&")
    if len(parts) > MOST_FIELDS:
        raise BodyError(_("The body has too many fields."))
    pairs = []
    for part in parts:
        name, _sign, value = part.partition(b"=")
        if name.strip():
            pairs.append((_unquote(name, charset).strip()[:LONGEST_NAME], _unquote(value, charset)))
    return pairs


def _unquote(raw: bytes, charset: str) -> str:
    return _text(unquote_to_bytes(raw.replace(b"+", b" ")), charset)


def _nest(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """`payment[products][0][name]` into mappings and lists; a repeated plain name becomes a list."""
    root: dict[str, Any] = {}
    for name, value in pairs:
        path = _path(name)
        if not _put(root, path, value):
            _put(root, [name], value)
    return {key: _with_lists(node) for key, node in root.items()}


def _path(name: str) -> list[str]:
    head, bracket, _rest = name.partition("[")
    keys = _BRACKETS.findall(name[len(head) :])
    if not bracket or not head or not keys or len(keys) > DEEPEST:
        return [name]
    return [head, *keys]


def _put(root: dict[str, Any], path: list[str], value: str) -> bool:
    """Whether the value found its place; it does not where a text already stands in the way."""
    node = root
    for key in path[:-1]:
        child = node.setdefault(key or str(len(node)), {})
        if not isinstance(child, dict):
            return False
        node = child
    last = path[-1] or str(len(node))
    if last not in node:
        node[last] = value
    elif isinstance(node[last], list):
        node[last].append(value)
    elif isinstance(node[last], dict):
        return False
    else:
        node[last] = [node[last], value]
    return True


def _with_lists(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    items = {key: _with_lists(child) for key, child in node.items()}
    if items and all(key.isascii() and key.isdigit() and len(key) < 6 for key in items):
        return [items[key] for key in sorted(items, key=int)]
    return items


# -- multipart ------------------------------------------------------------------------------


def _multipart(body: bytes, boundary: bytes, charset: str) -> Decoded:
    pairs: list[tuple[str, str]] = []
    files: list[UploadedFile] = []

    def on_field(field: Any) -> None:
        if len(pairs) >= MOST_FIELDS:
            raise BodyError(_("The body has too many fields."))
        if name := _text(field.field_name or b"", charset).strip()[:LONGEST_NAME]:
            pairs.append((name, _text(field.value or b"", charset)))

    def on_file(file: Any) -> None:
        file.file_object.seek(0)
        content = file.file_object.read()
        if content:
            name = _text(file.file_name or b"file", charset).replace("\\", "/").rsplit("/", 1)[-1][:200] or "file"
            kind = _storable(file.content_type or "") or "application/octet-stream"
            files.append(UploadedFile(_text(file.field_name or b"", charset), name, kind[:100], content))

    try:
        parser = FormParser("multipart/form-data", on_field, on_file, boundary=boundary, config=_LIMITS)
        parser.write(body)
        parser.finalize()
    except BodyError:
        raise
    except Exception as error:  # whatever a library makes of foreign bytes, it ends here
        raise BodyError(_("The form is broken: {why}").format(why=str(error)[:120])) from error
    return Decoded(_nest(pairs), tuple(files))


# -- leaves ---------------------------------------------------------------------------------


def as_text(node: Any) -> str:
    """A leaf or a list of leaves as people would write it."""
    if node is None:
        return ""
    if isinstance(node, bool):
        return "yes" if node else "no"
    if isinstance(node, list):
        return ", ".join(filter(None, map(as_text, node)))
    if isinstance(node, dict):
        return ", ".join(f"{key}: {as_text(value)}" for key, value in node.items() if as_text(value))
    return str(node)


def _leaves(node: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        for key, child in node.items():
            yield from _leaves(child, f"{path}.{key}" if path else key)
    elif isinstance(node, list) and any(isinstance(child, (dict, list)) for child in node):
        for number, child in enumerate(node):
            yield from _leaves(child, f"{path}.{number}" if path else str(number))
    else:
        yield path, as_text(node)
