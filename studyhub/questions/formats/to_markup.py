"""Markdown → XHTML for formats that know no Markdown: what members see, as plain elements.

Formulas are MathML that carries its LaTeX as an annotation, so that they come back as they were.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from xml.etree.ElementTree import tostring

from latex2mathml import converter
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from studyhub.media import emphasis
from studyhub.questions.formats import html_source
from studyhub.questions.formats.element import Element
from studyhub.questions.types.blank import MARK

BLANK = "blank"
"""The element that stands for `[[1]]`: `<blank n="1"/>`; a writer puts its own in the place of it."""

_MATHML = "http://www.w3.org/1998/Math/MathML"
_PLAIN = re.compile(r"[^\W\d_](?:[^\\`*_\[\]<>&$~#|\x00-\x1f\x7f-\xa0\u2028\u2029]*[^\\`*_\[\]<>&$~#|\s])?")
_ONE_PARAGRAPH = re.compile(r"<p>((?:(?!</?p>).)*)</p>\n?", re.DOTALL)
_ALIGNMENT = re.compile(r' style="text-align:(?:left|center|right)"')
_UNREADABLE_MATHS = re.compile(r"&#x?[0-9A-Fa-f]+;")


def block(text: str) -> str:
    """Paragraphs, lists and all, well-formed as XML."""
    if _PLAIN.fullmatch(text):
        return f"<p>{text}</p>\n"
    return _ALIGNMENT.sub("", str(_PARSER.render(text)))


def line(text: str) -> str:
    """The same without the paragraph around a text that is only one."""
    rendered = block(text)
    only = _ONE_PARAGRAPH.fullmatch(rendered)
    return only[1] if only else rendered


def plain(text: str) -> str:
    """What the text says, on one line: no formatting, formulas as LaTeX, images as their description."""
    if _PLAIN.fullmatch(text):
        return text
    return " ".join("".join(_said(html_source.parse(block(text)))).split())


def _said(element: Element) -> Iterator[str]:
    for child in element.children:
        if isinstance(child, str):
            yield child
        elif child.tag == "img":
            yield child.get("alt")
        elif child.tag == "math":
            yield "".join(f"${inner.text}$" for inner in child.descendants("annotation"))
        elif child.tag == BLANK:
            yield f"[[{child.get('n')}]]"
        else:
            yield from _said(child)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "xhtmlOut": True})
    parser.enable(["table", "strikethrough"]).use(emphasis.plugin).use(
        dollarmath_plugin,
        allow_labels=False,
        allow_space=False,
        allow_digits=False,
        double_inline=True,
        renderer=_maths,
    )
    parser.inline.ruler.before("link", BLANK, _blank)
    parser.add_render_rule(BLANK, _render_blank)
    parser.add_render_rule("math_inline", _math_token(False))
    parser.add_render_rule("math_inline_double", _math_token(True))
    parser.add_render_rule("math_block", _math_token(True))
    return parser


def _math_token(display: bool) -> Callable[..., str]:
    def render(renderer: Any, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return _maths(tokens[at].content, {"display_mode": display})

    return render


def _maths(latex: str, options: dict[str, Any]) -> str:
    latex = latex.strip()
    display = "block" if options.get("display_mode") else "inline"
    source = html.escape(latex, quote=False)
    try:
        inner = "".join(_cleaned(child) for child in converter.convert_to_element(latex, display=display))
    except Exception:  # the library answers a typing mistake with a dozen unrelated kinds
        inner = f"<mtext>{source}</mtext>"
    return (
        f'<math xmlns="{_MATHML}" display="{display}"><semantics><mrow>{inner}</mrow>'
        f'<annotation encoding="application/x-tex">{source}</annotation></semantics></math>'
    )


def _cleaned(element: Any) -> str:
    for inner in element.iter():
        if inner.text and _UNREADABLE_MATHS.search(inner.text):
            # The library leaves numeric references such as `&#x2264;` in the text of its elements.
            inner.text = html.unescape(inner.text)
    text: str = tostring(element, encoding="unicode")
    return text


def _blank(state: StateInline, silent: bool) -> bool:
    match = MARK.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        state.push(BLANK, "", 0).content = match[1]
    state.pos = match.end()
    return True


def _render_blank(renderer: Any, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    return f'<{BLANK} n="{tokens[at].content}"/>'


_PARSER = _parser()
