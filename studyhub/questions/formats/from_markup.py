"""HTML or XHTML elements → Markdown: the sub-set that survives; what does not is told.

Signs that Markdown would read as its own are escaped, but only in texts where it really would: the result is
rendered again and compared with what it came from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from studyhub.questions.formats import html_source, to_markup
from studyhub.questions.formats.element import Element
from studyhub.questions.formats.exchange import Skip, skip
from studyhub.questions.formats.pictures import address

Special = Callable[[Element], str | None]
"""Gives the Markdown of an element that only its format knows, or None for any other."""

Tell = Callable[[str], None]
"""Told the tag of what could not come along."""

_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "center", "dd", "div", "dl", "dt", "figcaption", "figure",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "main", "nav", "ol", "p", "pre",
    "section", "table", "ul",
})  # fmt: skip
_SILENT = frozenset({"span", "font", "a", "label", "root", "tbody", "thead", "tfoot", "html", "body", "abbr"})
_DROPPED = frozenset({"script", "style", "iframe", "embed", "video", "input", "button"})
_MARKS = {"b": "**", "strong": "**", "em": "*", "i": "*", "s": "~~", "del": "~~", "strike": "~~"}
_SCRIPTS = {
    "sub": ("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎"),
    "sup": ("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ"),
}
# A formula holds no second beginning: else each of many beginnings would be looked at to the end of the text.
_TEX = re.compile(r"\\\(((?:(?!\\\().)+?)\\\)|\\\[((?:(?!\\\[).)+?)\\\]|\$\$(.+?)\$\$", re.S)
_NO_TITLE = re.compile(r'["\\<>&]')
"""What ends a title, or begins another sign within it."""
_SPACE = re.compile(r"[ \t\r\n\f]+")
_SIGNS = re.compile(r"([\\`*_\[\]<>$~|&])")
_LINE_SIGNS = re.compile(r"^(\s*)([#>+=-]|\d{1,9}(?=[.)]))", re.M)
_MAY_MEAN_MORE = re.compile(r"[\\`*_\[\]<>$~|&]|^\s*(?:[#>+=-]|\d{1,9}[.)])", re.M)
_EDGES = re.compile(r"^(\s*)(.*?)(\s*)$", re.S)


def of_html(html: str, special: Special = lambda element: None, tell: Tell = lambda tag: None) -> str:
    """The Markdown of an HTML fragment."""
    return markdown(html_source.parse(html).children, special, tell)


def markdown(
    children: Sequence[Element | str],
    special: Special = lambda element: None,
    tell: Tell = lambda tag: None,
) -> str:
    """The Markdown of these nodes. Raises Skip for what must not be lost, such as a formula without LaTeX."""
    root = Element("root", children=list(children))
    plain = _Writer(special, tell, escape=False).blocks(root)
    if not _MAY_MEAN_MORE.search(plain) and root.elements == []:
        return plain
    careful = _Writer(special, lambda tag: None, escape=True).blocks(root)
    return plain if plain == careful or _reads_as(plain, careful) else careful


def literal(text: str) -> str:
    """Plain text as Markdown that shows it, line by line, as it is."""
    if not _MAY_MEAN_MORE.search(text):
        return text
    careful = _escaped(text)
    return text if _reads_as(text, careful) else careful


def formulas_held(text: str, hold: Callable[[str], str]) -> str:
    """The text with each formula, as other programs mark it, as what `hold` makes of it between dollars."""
    return _TEX.sub(lambda found: hold(_dollars(found)), text)


def _reads_as(plain: str, careful: str) -> bool:
    try:
        return _canonical(plain) == _canonical(careful)
    except Skip:
        return False


def _canonical(text: str) -> str:
    root = html_source.parse(to_markup.HTML.block(text))
    return _Writer(_blank, lambda tag: None, escape=True).blocks(root)


def _blank(element: Element) -> str | None:
    return f"[[{element.get('n')}]]" if element.tag == to_markup.BLANK else None


def _escaped(text: str) -> str:
    return _LINE_SIGNS.sub(_with_backslash, _SIGNS.sub(r"\\\1", text))


def _with_backslash(match: re.Match[str]) -> str:
    # `1\.` keeps a number from beginning a list; any other sign is escaped itself.
    return f"{match[1]}{match[2]}\\" if match[2].isdigit() else f"{match[1]}\\{match[2]}"


class _Writer:
    def __init__(self, special: Special, tell: Tell, *, escape: bool) -> None:
        self._special = special
        self._tell = tell
        self._escape = escape

    def blocks(self, element: Element) -> str:
        """Its content as paragraphs with an empty line between them."""
        done: list[str] = []
        run: list[Element | str] = []
        for child in element.children:
            if isinstance(child, Element) and self._is_block(child):
                done += [self._paragraph(run), self._block(child)]
                run = []
            else:
                run.append(child)
        done.append(self._paragraph(run))
        return "\n\n".join(part for part in done if part)

    def _is_block(self, element: Element) -> bool:
        return element.tag in _BLOCKS or (
            element.tag in _SILENT and any(inner.tag in _BLOCKS for inner in element.descendants())
        )

    def _paragraph(self, run: Sequence[Element | str]) -> str:
        lines = "".join(self._inline(node) for node in run).split("\n")
        text = "\n".join(line.strip() for line in lines).strip()
        return _LINE_SIGNS.sub(_with_backslash, text) if self._escape else text

    def _block(self, element: Element) -> str:
        tag = element.tag
        if tag == "hr":
            return "---"
        if tag == "pre":
            return _fenced(element.text.strip("\n"))
        if tag in ("ul", "ol"):
            return self._list(element)
        if tag == "table":
            return self._table(element)
        inner = self.blocks(element)
        if tag == "blockquote":
            return "\n".join(f"> {line}".rstrip() for line in inner.split("\n"))
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6") and inner:
            return f"{'#' * int(tag[1])} {inner}"
        return inner

    def _list(self, element: Element) -> str:
        number = int(element.get("start")) if element.get("start").isdigit() else 1
        lines = []
        for item in element.all("li"):
            mark = f"{number}. " if element.tag == "ol" else "- "
            number += 1
            inner = self.blocks(item).replace("\n\n", "\n").replace("\n", "\n" + " " * len(mark))
            lines.append(mark + inner)
        return "\n".join(lines)

    def _table(self, element: Element) -> str:
        rows = [
            [self.blocks(cell).replace("\n", " ") for cell in row.all("td", "th")]
            for row in element.descendants("tr")
        ]
        width = max(map(len, rows), default=0)
        if not width:
            return ""
        filled = [row + [""] * (width - len(row)) for row in rows]
        lines = [f"| {' | '.join(row)} |" for row in filled]
        return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])

    def _inline(self, node: Element | str) -> str:
        if isinstance(node, str):
            return self._text(_SPACE.sub(" ", node))
        own = self._special(node)
        if own is not None:
            return own
        whole = self._whole(node)
        return self._marked(node) if whole is None else whole

    def _whole(self, node: Element) -> str | None:
        """What has no marked text within; None for any other element."""
        tag = node.tag
        if tag == "br":
            return "\n"
        if tag == "img":
            return picture(node.get("src"), node.get("alt"))
        if tag in ("audio", "object"):
            return self._embedded(node)
        if tag == "math":
            return _formula(node)
        if tag in ("code", "tt", "kbd", "samp"):
            return _code(node.text)
        if tag in _DROPPED:
            self._tell(tag)
            return ""
        return None

    def _embedded(self, node: Element) -> str:
        """A sound, or a picture as older XHTML has it."""
        source = node.first("source")
        path = node.get("src") or node.get("data") or (source.get("src") if source else "")
        if path and (node.tag == "audio" or node.get("type").startswith(("image/", "audio/"))):
            return picture(path, node.text)
        self._tell(node.tag)
        return ""

    def _marked(self, node: Element) -> str:
        inner = "".join(self._inline(child) for child in node.children)
        if node.tag in _MARKS:
            before, text, after = _edges(inner)
            return f"{before}{_MARKS[node.tag]}{text}{_MARKS[node.tag]}{after}" if text else inner
        if node.tag in _SCRIPTS:
            plain, small = _SCRIPTS[node.tag]
            if inner and set(inner) <= set(plain):
                return inner.translate(str.maketrans(plain, small))
        if node.tag == "a" and node.get("href").startswith(("http://", "https://", "mailto:")):
            return f"[{inner}]({address(node.get('href'))})"
        if node.tag not in _SILENT and node.tag not in _BLOCKS:
            self._tell(node.tag)
        return inner

    def _text(self, text: str) -> str:
        if not self._escape:
            return _TEX.sub(_dollars, text)
        parts, at = [], 0
        for match in _TEX.finditer(text):
            parts += [_SIGNS.sub(r"\\\1", text[at : match.start()]), _dollars(match)]
            at = match.end()
        return "".join(parts) + _SIGNS.sub(r"\\\1", text[at:])


def picture(path: str, said: str, title: str = "") -> str:
    """A picture in Markdown, or what it is said to show where it has no address."""
    said = _SPACE.sub(" ", said).replace("[", "").replace("]", "").replace("\\", "").strip()
    title = _SPACE.sub(" ", _NO_TITLE.sub("", title)).strip()
    titled = f'{address(path)} "{title}"' if title else address(path)
    return f"![{said}]({titled})" if path else said


def _dollars(match: re.Match[str]) -> str:
    """LaTeX as other programs mark it, between dollars."""
    inline, display = match[1], match[2] or match[3]
    return f"${inline.strip()}$" if inline else f"$${display.strip()}$$"


def _formula(node: Element) -> str:
    annotation = next(
        (inner for inner in node.descendants("annotation") if "tex" in inner.get("encoding").lower()), None
    )
    if annotation is None:
        skip("formula_without_latex")
    dollars = "$$" if node.get("display") == "block" else "$"
    return f"{dollars}{annotation.text.strip()}{dollars}"


def _code(text: str) -> str:
    ticks = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    edge = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{edge}{text}{edge}{ticks}" if text.strip() else text


def _fenced(text: str) -> str:
    fence = "`" * max(3, max(map(len, re.findall("`+", text)), default=0) + 1)
    return f"{fence}\n{text}\n{fence}"


def _edges(text: str) -> tuple[str, str, str]:
    match = _EDGES.match(text)
    assert match is not None
    return match[1], match[2], match[3]
