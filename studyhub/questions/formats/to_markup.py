"""Markdown → XHTML for formats that know no Markdown: what members see, as plain elements.

Formulas are MathML that carries its LaTeX as an annotation, so that they come back as they were.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import tostring

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from studyhub.media import emphasis, maths
from studyhub.media.markdown import SOUNDS
from studyhub.questions.formats import html_source
from studyhub.questions.formats.element import Element
from studyhub.questions.images import SUFFIXES
from studyhub.questions.rendering import mark_blanks
from studyhub.questions.types.blank import MARK

LINE = "\x01"
"""Begins a line; no text holds it."""
BLANK = "blank"
"""The element that stands for `[[1]]`: `<blank n="1"/>`; a writer puts its own in the place of it."""

_INDENT = "\x02"
"""Room before a line of a program, which stays; no text holds it."""

_CELL = "\x03"
"""Between two cells."""

Tones = Mapping[str, tuple[str, str]]
Formula = Callable[[str, bool], str]
Sound = Callable[[str, str, str], str]

_MATHML = "http://www.w3.org/1998/Math/MathML"
_PLAIN = re.compile(r"[^\W\d_](?:[^\\`*_\[\]<>&$~#|\x00-\x1f\x7f-\xa0\u2028\u2029]*[^\\`*_\[\]<>&$~#|\s])?")
_ONE_PARAGRAPH = re.compile(r"<p>((?:(?!</?p>).)*)</p>\n?", re.DOTALL)
_ALIGNMENT = re.compile(r' style="text-align:(?:left|center|right)"')


class Markup:
    """One kind of target: how it writes formulas, and what it plays sounds with.

    `formula` is given the LaTeX and whether it stands by itself; `sound` the address, the media type and the
    description, all of them escaped.
    """

    def __init__(self, formula: Formula, sound: Sound) -> None:
        self._formula = formula
        self._sound = sound
        self._parser = self._made()

    def block(self, text: str) -> str:
        """Paragraphs, lists and all, well-formed as XML."""
        if _PLAIN.fullmatch(text):
            return f"<p>{text}</p>\n"
        return _ALIGNMENT.sub("", str(self._parser.render(text)))

    def line(self, text: str) -> str:
        """The same without the paragraph around a text that is only one."""
        rendered = self.block(text)
        only = _ONE_PARAGRAPH.fullmatch(rendered)
        return only[1] if only else rendered

    def _made(self) -> MarkdownIt:
        parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "xhtmlOut": True})
        parser.enable(["table", "strikethrough"]).use(emphasis.plugin).use(
            dollarmath_plugin,
            allow_labels=False,
            allow_space=False,
            allow_digits=False,
            double_inline=True,
        )
        mark_blanks(parser, _render_blank)
        parser.add_render_rule("math_inline", self._maths(False))
        parser.add_render_rule("math_inline_double", self._maths(True))
        parser.add_render_rule("math_block", self._maths(True))
        parser.add_render_rule("image", self._images())
        return parser

    def _maths(self, display: bool) -> Callable[..., str]:
        def render(renderer: Any, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
            return self._formula(tokens[at].content.strip(), display)

        return render

    def _images(self) -> Callable[..., str]:
        def render(renderer: Any, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
            source = str(tokens[at].attrs["src"])
            address = unquote(source)
            if not address.lower().endswith(SOUNDS):
                return str(RendererHTML.image(renderer, tokens, at, options, env))
            said = html.escape(renderer.renderInlineAsText(tokens[at].children, options, env))
            return self._sound(html.escape(source), _media_type(address), said)

        return render


def _media_type(address: str) -> str:
    """Of a sound, by its name."""
    return next(kind for kind, suffixes in SUFFIXES.items() if address.lower().endswith(suffixes))


def plain(text: str) -> str:
    """What the text says, on one line: no formatting, formulas as LaTeX, images as their description."""
    if _PLAIN.fullmatch(text):
        return text
    return " ".join("".join(_said(html_source.parse(HTML.block(text)))).split())


def plain_lines(text: str, tones: Tones = MappingProxyType({})) -> str:
    """The same, with each paragraph, item of a list, line of a program and row of a table (tabs between its
    cells) on a line of its own.

    `tones` are put around what has an element of that name: they must be none that a text holds.
    """
    root = html_source.parse(HTML.block(text))
    _apart(root)
    listed(root)
    lines = " ".join("".join(_said(root, tones)).split()).split(LINE)
    kept = (line.strip() for line in lines if line.strip(f" {_INDENT}"))
    return "\n".join(line.replace(_INDENT, "\xa0").replace(_CELL, "\t") for line in kept)


def _apart(root: Element) -> None:
    """Put a sign where a line begins."""
    for own in root.descendants("li"):
        first = own.elements[0] if own.elements else None
        if first is not None and first.tag == "p":
            first.tag = "span"
    for block in root.descendants("p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "br"):
        block.children = [LINE, *block.children, LINE]
    for rows in root.descendants("thead", "tbody"):
        rows.children = [part for row in rows.all("tr") for part in (LINE, row, LINE)]
    for row in root.descendants("tr"):
        row.children = [part for cell in row.elements for part in (_CELL, cell)][1:]
    for program in root.descendants("pre"):
        code = program.first("code") or program
        code.children = [LINE.join(map(_indented, code.text.strip("\n").split("\n")))]
        program.children = [LINE, *program.children, LINE]


def _indented(line: str) -> str:
    """A line of a program, with the room before it kept."""
    wide = line.expandtabs(4)
    bare = wide.lstrip(" ")
    return _INDENT * (len(wide) - len(bare)) + bare


def listed(root: Element) -> bool:
    """Put signs before the items of lists, as paper has them; whether there are any."""
    lists = list(root.descendants("ul", "ol"))
    for own in lists:
        first = own.get("start")
        for number, item in enumerate(own.all("li"), int(first) if first.isdecimal() else 1):
            item.children.insert(0, f"{LINE}{'·' if own.tag == 'ul' else f'（{number}）'} ")
        own.children.append(LINE)
    return bool(lists)


def prompt_line(prompt: str) -> str:
    """The same of a prompt, with a line where something is to be filled in: what lists show of a question."""
    return MARK.sub("____", plain(prompt))


def _said(element: Element, tones: Tones = MappingProxyType({})) -> Iterator[str]:
    for child in element.children:
        if isinstance(child, str):
            yield child
        elif child.tag == "img":
            yield child.get("alt")
        elif child.tag == "audio":
            yield child.text
        elif child.tag == "math":
            yield "".join(f"${inner.text}$" for inner in child.descendants("annotation"))
        elif child.tag == BLANK:
            yield f"[[{child.get('n')}]]"
        else:
            before, behind = tones.get(child.tag, ("", ""))
            yield before
            yield from _said(child, tones)
            yield behind


def mathml(latex: str, display: bool) -> str:
    """The formula as MathML that carries its LaTeX."""
    shown_as = "block" if display else "inline"
    source = html.escape(latex, quote=False)
    parsed = maths.tree(latex, shown_as)
    shown = (
        [f"<mtext>{source}</mtext>"] if parsed is None else [tostring(e, encoding="unicode") for e in parsed]
    )
    return (
        f'<math xmlns="{_MATHML}" display="{shown_as}"><semantics><mrow>{"".join(shown)}</mrow>'
        f'<annotation encoding="application/x-tex">{source}</annotation></semantics></math>'
    )


def player(address: str, media_type: str, said: str) -> str:
    """A sound in HTML 5."""
    return f'<audio controls="controls" src="{address}">{said}</audio>'


def _render_blank(renderer: Any, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    return f'<{BLANK} n="{tokens[at].content}"/>'


HTML = Markup(mathml, player)
"""HTML 5, written as XML."""
