"""Markdown → XHTML for formats that know no Markdown: what members see, as plain elements.

Formulas are MathML that carries its LaTeX as an annotation, so that they come back as they were.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from xml.etree.ElementTree import tostring

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from studyhub.media import emphasis, maths
from studyhub.questions.formats import html_source
from studyhub.questions.formats.element import Element
from studyhub.questions.rendering import mark_blanks

BLANK = "blank"
"""The element that stands for `[[1]]`: `<blank n="1"/>`; a writer puts its own in the place of it."""

_MATHML = "http://www.w3.org/1998/Math/MathML"
_PLAIN = re.compile(r"[^\W\d_](?:[^\\`*_\[\]<>&$~#|\x00-\x1f\x7f-\xa0\u2028\u2029]*[^\\`*_\[\]<>&$~#|\s])?")
_ONE_PARAGRAPH = re.compile(r"<p>((?:(?!</?p>).)*)</p>\n?", re.DOTALL)
_ALIGNMENT = re.compile(r' style="text-align:(?:left|center|right)"')


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
    mark_blanks(parser, _render_blank)
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
    parsed = maths.tree(latex, display)
    shown = (
        [f"<mtext>{source}</mtext>"] if parsed is None else [tostring(e, encoding="unicode") for e in parsed]
    )
    return (
        f'<math xmlns="{_MATHML}" display="{display}"><semantics><mrow>{"".join(shown)}</mrow>'
        f'<annotation encoding="application/x-tex">{source}</annotation></semantics></math>'
    )


def _render_blank(renderer: Any, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    return f'<{BLANK} n="{tokens[at].content}"/>'


_PARSER = _parser()
