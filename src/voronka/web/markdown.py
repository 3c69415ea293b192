"""Texts that people write, articles and scripts, as HTML: Markdown without any HTML of its own."""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markupsafe import Markup, escape

#: A page has its title already: its own headings begin below it.
_DEEPER = 2
_BLANK = re.compile(r"\{([a-z][a-z0-9_-]*)\}")
Filler = Callable[[str], str | None]


def article(text: str) -> Markup:
    return Markup(_reader().render(text))


def spoken(text: str, fill: Filler) -> Markup:
    """A line of a script: «{client}» is filled in and marked."""
    return Markup(_reader().renderInline(text, {"fill": fill}))


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    reader.add_render_rule("text", _text)
    reader.add_render_rule("heading_open", _heading)
    reader.add_render_rule("heading_close", _heading)
    reader.add_render_rule("link_open", _link)
    return reader


def _text(self: RendererHTML, tokens: Any, index: int, options: Any, env: Any) -> str:
    fill, text = env.get("fill"), tokens[index].content
    if fill is None:
        return escape(text)
    pieces = _BLANK.split(text)
    return Markup("").join(_filled(piece, fill) if place % 2 else escape(piece) for place, piece in enumerate(pieces))


def _filled(name: str, fill: Filler) -> Markup:
    """A name that nobody knows stays as it is written."""
    said = fill(name)
    return Markup("{{{}}}").format(name) if said is None else Markup('<b class="v-filled">{}</b>').format(said)


def _heading(self: RendererHTML, tokens: Any, index: int, options: Any, env: Any) -> str:
    tokens[index].tag = f"h{min(6, int(tokens[index].tag[1:]) + _DEEPER)}"
    return self.renderToken(tokens, index, options, env)


def _link(self: RendererHTML, tokens: Any, index: int, options: Any, env: Any) -> str:
    """Another site opens beside the card, and is not told from where."""
    if not str(tokens[index].attrGet("href")).startswith("/"):
        tokens[index].attrSet("target", "_blank")
        tokens[index].attrSet("rel", "noopener noreferrer")
    return self.renderToken(tokens, index, options, env)
