"""Changing a document as people wrote it: comments, order and form of what is not touched stay.

A place is a path of keys; in a list of keyed things the thing's own key: («funnels», «first», «stages», «booked»).
"""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

Place = tuple[str, ...]

#: What is shorter is written on one line.
SHORT = 90


class Editor:
    """One document being changed. `text()` is it as it stands."""

    def __init__(self, text: str) -> None:
        self._yaml = _yaml()
        self._tree = self._yaml.load(text)

    def text(self) -> str:
        out = StringIO()
        self._yaml.dump(self._tree, out)
        return out.getvalue()

    def get(self, place: Place) -> Any:
        """What stands there, as plain data; nothing when there is nothing."""
        node = self._tree
        for part in place:
            node = _child(node, part)
            if node is None:
                return None
        return _plain(node)

    def put(self, place: Place, value: Mapping[str, Any], *, after: str | None = None) -> None:
        """Write a keyed thing into the list at `place`, in the place of the one with its key; a new one goes behind
        the one whose key is `after`, first for «», last without it.
        """
        items = self._list(place)
        index = _index(items, str(value["key"]))
        if index is not None:
            _merge(items[index], value)
            return
        at = len(items) if after is None else 0 if after == "" else (_index(items, after) or 0) + 1
        items.insert(at, _written(value))

    def drop(self, place: Place, key: str) -> None:
        items = self._list(place)
        index = _index(items, key)
        if index is not None:
            del items[index]

    def shift(self, place: Place, key: str, to: int) -> None:
        """Put a thing at a position of its list, counted from 0."""
        items = self._list(place)
        index = _index(items, key)
        if index is not None:
            item = items.pop(index)
            items.insert(max(0, min(to, len(items))), item)

    def change(self, place: Place, values: Mapping[str, Any]) -> None:
        """Set keys of the thing at `place`; None takes a key away."""
        node = self._own(place)
        for key, value in values.items():
            _set(node, key, value)

    def write_at(self, path: Iterable[str | int], value: Any) -> None:
        """Set one value by its path in the document, with list positions counted from 0."""
        *head, last = path
        node = self._tree
        for part in head:
            node = self._unshared(node, part)
        node[last] = value if isinstance(value, str | int | bool) else _written(value)

    def without_references(self, key: str) -> None:
        """Take a reference out of every list that names it; a list left empty stays, for the checks to tell."""
        _forget(self._tree, key)

    def _list(self, place: Place) -> CommentedSeq:
        if len(place) > 1 and place[0] not in self._tree:
            self._tree[place[0]] = CommentedMap()
        node = self._own(place[:-1])
        if node.get(place[-1]) is None:
            node[place[-1]] = CommentedSeq()
        return self._unshared(node, place[-1])

    def _own(self, place: Place) -> Any:
        node = self._tree
        for part in place:
            found = _index(node, part) if isinstance(node, list) else part
            if found is None or (isinstance(node, dict) and part not in node):
                raise KeyError("/".join(place))
            node = self._unshared(node, found)
        return node

    def _unshared(self, node: Any, part: str | int) -> Any:
        """A child that several places share by an anchor becomes this place's own: a change is meant for one place."""
        child = node[part]
        if isinstance(child, CommentedMap | CommentedSeq) and _times(self._tree, child) > 1:
            node[part] = child = deepcopy(child)
            child.yaml_set_anchor(None)
        return child


def _yaml() -> YAML:
    yaml = YAML(typ="rt")
    yaml.allow_unicode, yaml.width, yaml.preserve_quotes = True, 110, True
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _child(node: Any, part: str) -> Any:
    if isinstance(node, list):
        index = _index(node, part)
        return None if index is None else node[index]
    return node.get(part) if isinstance(node, dict) else None


def _index(items: Any, key: str) -> int | None:
    return next((at for at, item in enumerate(items) if isinstance(item, dict) and item.get("key") == key), None)


def _times(node: Any, wanted: Any) -> int:
    """In how many places a node stands."""
    found = int(node is wanted)
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return found + sum(_times(child, wanted) for child in children)


def _plain(node: Any) -> Any:
    if isinstance(node, dict):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(item) for item in node]
    return str(node) if isinstance(node, str) else node


def _written(value: Any) -> Any:
    """Plain data as the document writes it: small things on one line."""
    if isinstance(value, Mapping):
        pairs = CommentedMap((key, _written(item)) for key, item in value.items() if item is not None)
        if len(str(_plain(pairs))) < SHORT and not any(isinstance(item, dict | list) for item in pairs.values()):
            pairs.fa.set_flow_style()
        return pairs
    if isinstance(value, list | tuple):
        items = CommentedSeq(_written(item) for item in value)
        if not any(isinstance(item, dict | list) for item in items):
            items.fa.set_flow_style()
        return items
    return value


def _merge(node: CommentedMap, value: Mapping[str, Any]) -> None:
    """Make a thing be what is given, touching only what differs."""
    for key in [key for key in node if key not in value or value[key] is None]:
        del node[key]
    for key, item in value.items():
        _set(node, key, item)


def _set(node: CommentedMap, key: str, value: Any) -> None:
    if value is None:
        node.pop(key, None)
    elif _plain(node.get(key)) != value:
        if isinstance(value, Mapping) and isinstance(node.get(key), CommentedMap):
            _merge(node[key], value)
        else:
            node[key] = _written(value)


def _forget(node: Any, key: str) -> None:
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in list(children):
        _forget(child, key)
    if isinstance(node, list):
        while key in node:
            node.remove(key)
