"""Markdown → safe HTML, once: what comes out is stored and shown as it is.

CommonMark with tables, strike-through, `$maths$`, highlighted code, and Chinese bold that works. HTML in
the source is shown as text; the result is cleaned again, so that a flaw in the first step opens nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import unquote

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from studyhub.media import emphasis, maths

Plugin = Callable[[MarkdownIt], None]
ImageAddress = Callable[[str], str | None]
"""The address under which an image of the text is served, or None when there is no such image."""

SOUNDS = (".mp3", ".m4a", ".ogg", ".oga", ".wav")

_MATHML = {
    "math", "mrow", "mi", "mo", "mn", "ms", "mtext", "mspace", "mfrac", "msqrt", "mroot", "msub", "msup",
    "msubsup", "munder", "mover", "munderover", "mtable", "mtr", "mtd", "mstyle", "mpadded", "mphantom",
    "menclose",
}  # fmt: skip
_TAGS = _MATHML | {
    "p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "em", "strong", "s", "code", "pre",
    "blockquote", "ul", "ol", "li", "a", "img", "span", "div", "table", "thead", "tbody", "tr", "th",
    "td", "audio",
}  # fmt: skip
_MATHML_ATTRIBUTES = {
    "mathvariant", "stretchy", "fence", "form", "separator", "lspace", "rspace", "minsize", "maxsize",
    "linethickness", "displaystyle", "scriptlevel", "columnalign", "accent", "width", "height", "notation",
}  # fmt: skip
_ATTRIBUTES = {
    **dict.fromkeys(_MATHML, _MATHML_ATTRIBUTES),
    "math": {"xmlns", "display"},
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "loading"},
    "audio": {"src", "controls", "preload", "aria-label"},
    "ol": {"start"},
    "th": {"class"},
    "td": {"class"},
    "span": {"class", "data-blank"},
    "div": {"class"},
    "code": {"class"},
}
_CODE = HtmlFormatter(nowrap=True)
_ALIGNMENT = re.compile(r'<(t[hd]) style="text-align:(left|center|right)">')
_ONE_PARAGRAPH = re.compile(r"<p>((?:(?!</?p>).)*)</p>\n?", re.DOTALL)
# One line that begins with a letter and holds no sign of Markdown, HTML or maths is its own HTML.
_PLAIN = re.compile(r"[^\W\d_](?:[^\\`*_\[\]<>&$~\x00-\x1f\x7f-\xa0\u2028\u2029]*[^\\`*_\[\]<>&$~\s])?")


class Markdown:
    """One way to render: made once, used for every text of its kind."""

    def __init__(self, plugins: Sequence[Plugin] = (), *, breaks: bool = False, plain: bool = True) -> None:
        """`breaks` keeps each line break of the source; `plain=False` is for tests of the short cut."""
        self._plain = plain
        self._parser = MarkdownIt("commonmark", {"html": False, "breaks": breaks, "highlight": _highlighted})
        self._parser.enable(["table", "strikethrough"]).use(emphasis.plugin).use(
            dollarmath_plugin,
            allow_labels=False,
            allow_space=False,
            allow_digits=False,
            double_inline=True,
            renderer=maths.to_html,
        )
        self._parser.add_render_rule("sound", _sound)
        for plugin in plugins:
            self._parser.use(plugin)

    def block(self, text: str, image: ImageAddress | None = None) -> str:
        """Paragraphs, lists, tables and all. An image without an address shows its description."""
        if self._plain and _PLAIN.fullmatch(text):
            # Most questions are one line without a sign: they need no parser, and an import is full of them.
            return f"<p>{text}</p>\n"
        tokens = self._parser.parse(text)
        _place_images(tokens, image)
        rendered = self._parser.renderer.render(tokens, self._parser.options, {})
        return clean(_ALIGNMENT.sub(r'<\1 class="align-\2">', rendered))

    def line(self, text: str, image: ImageAddress | None = None) -> str:
        """The same without the paragraph around a text that is only one: for labels and cells."""
        rendered = self.block(text, image)
        only = _ONE_PARAGRAPH.fullmatch(rendered)
        return only[1] if only else rendered


def clean(rendered: str) -> str:
    """Only the tags and attributes that this module makes; anything else is removed."""
    return nh3.clean(
        rendered,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )


def _place_images(tokens: Sequence[Token], image: ImageAddress | None) -> None:
    """Give each image the address it is served under; one that has none becomes its description."""
    for token in tokens:
        for child in token.children or ():
            if child.type != "image":
                continue
            address = image(unquote(str(child.attrs["src"]))) if image else None
            if address is None:
                child.type, child.tag, child.children = "text", "", None
                continue
            child.attrs["src"] = address
            if address.lower().endswith(SOUNDS):
                child.type, child.attrs["aria-label"] = "sound", child.content
            else:
                child.attrs["loading"] = "lazy"


def _sound(renderer: Any, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    """An image whose file is a sound: a player, named by the description."""
    address, label = (escapeHtml(str(tokens[at].attrs[name])) for name in ("src", "aria-label"))
    return f'<audio controls="" preload="none" src="{address}" aria-label="{label}"></audio>'


def _highlighted(code: str, language: str, attributes: str) -> str:
    """Code with the classes of its language; empty when the language is unknown (then it is shown plain)."""
    try:
        lexer = get_lexer_by_name(language) if language else None
    except ClassNotFound:
        lexer = None
    return highlight(code, lexer, _CODE) if lexer else ""
