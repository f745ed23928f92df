"""The texts of Moodle XML: HTML, Markdown or plain, each with the files that it shows in base64 beside it."""

from __future__ import annotations

import base64
import html
import posixpath
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol
from urllib.parse import quote

from studyhub.questions.formats import embedded, from_markup, html_source, pictures, to_markup
from studyhub.questions.formats.carrying import Tell
from studyhub.questions.formats.element import Element
from studyhub.questions.formats.exchange import Skip, skip
from studyhub.questions.formats.moodle_cloze import Gaps
from studyhub.questions.formats.xml_writing import content, tag
from studyhub.questions.types.blank import MARK

FILES = "@@PLUGINFILE@@/"
BLANK = "_____"
_BLANK = re.compile(r'<blank n="(\d+)"/>')
_RUN = re.compile(r"(?:\\?_){3,}")
_MARKUP = re.compile(r"<(?:p|br|b|i|em|strong|img|ul|ol|li|div|span|sub|sup|table|a|code|pre)\b[^>]*>", re.I)
_BLOCKS = re.compile(r"<(?:p|div|table|ul|ol|br)\b", re.I)


def _tex(latex: str, display: bool) -> str:
    opened, closed = (r"\[", r"\]") if display else (r"\(", r"\)")
    return f"{opened}{html.escape(latex, quote=False)}{closed}"


_HTML = to_markup.Markup(_tex, to_markup.player)


class HasGaps(Protocol):
    """Knows how the gaps of a text are written."""

    def taken(self, text: str, form: str, tell: Tell) -> str:
        """The text with a mark in the place of each gap: of Markdown, or of HTML. Raises Skip."""


class Texts:
    """Reads the texts of one question; the files that they show become assets."""

    def __init__(self, question: Element, assets: dict[str, bytes], tell: Tell) -> None:
        self._assets = assets
        self._tell = tell
        self._files = _files(question.descendants("file"))

    def markdown(self, holder: Element | None, gaps: HasGaps | None = None) -> str:
        """The text within `holder` (`questiontext`, `answer`, …); "" when there is none.

        With `gaps` it is a text whose gaps become marks.
        """
        text = holder.text_of("text") if holder else ""
        if holder is None or not text.strip():
            return ""
        plain, within = embedded.lifted(text, FILES)
        found = _files(holder.all("file")) | within
        form = holder.get("format", "html")
        if gaps:
            form, plain = _of_cloze(form, plain)
            plain = gaps.taken(plain, form, self._tell)
        shown = _as_markdown(plain, form, self._lost)
        return pictures.moved(shown, lambda path: self._kept(path, found)).strip()

    def _lost(self, element: str) -> None:
        self._tell("element_lost", tag=element)

    def _kept(self, path: str, own: Mapping[str, bytes]) -> str | None:
        """The path of a file of the question among our assets; a missing one gets the path it would have."""
        if not path.startswith(FILES):
            return None
        name = path.removeprefix(FILES)
        data = own.get(name, self._files.get(name))
        if data is None:
            return f"media/{posixpath.basename(name)}"
        kept = pictures.free_name(name, data, self._assets)
        self._assets[kept] = data
        return kept


def _files(elements: Iterable[Element]) -> dict[str, bytes]:
    """The bytes of `<file name path encoding>` elements, by their path from the root of their area."""
    found: dict[str, bytes] = {}
    for element in elements:
        name = posixpath.join(element.get("path", "/").strip("/"), element.get("name"))
        found[name] = embedded.decoded(element.text, name)
    return found


def _as_markdown(text: str, form: str, lost: from_markup.Tell) -> str:
    if form == "markdown":
        return text
    if form == "plain_text":
        return from_markup.literal(text.strip())
    if form == "moodle_auto_format" or not form:
        if not _MARKUP.search(text):
            return from_markup.literal(html_source.without_entities(text.strip()))
        if not _BLOCKS.search(text):
            text = text.replace("\n", "<br>")
    return from_markup.of_html(text, _mark, lost)


def _mark(element: Element) -> str | None:
    return f"[[{element.get('n')}]]" if element.tag == to_markup.BLANK else None


def with_blank(prompt: str) -> str:
    """The prompt of a short answer with the place for it: its longest line of underscores, or its end."""
    if MARK.search(prompt):
        return prompt
    run = max(_RUN.finditer(prompt), key=lambda match: match[0].count("_"), default=None)
    if run is None:
        return f"{prompt}{chr(10) * 2 if chr(10) in prompt else ' '}[[1]]"
    return f"{prompt[: run.start()]}[[1]]{prompt[run.end() :]}"


def _of_cloze(form: str, text: str) -> tuple[str, str]:
    """The text as HTML, or as the Markdown that it is: only there a gap can be marked."""
    if form in ("markdown", "html") or _MARKUP.search(text):
        return ("markdown" if form == "markdown" else "html"), text
    shown = html.escape(text, quote=False) if form == "plain_text" else text
    return "html", shown.replace("\n", "<br>")


Written = Callable[[str], tuple[str, str]]
"""Gives the form (`html`, `markdown`) and what is written of a text."""


def formatted(
    name: str,
    markdown: str,
    assets: Mapping[str, bytes],
    *inner: str,
    written: Written | None = None,
    **attributes: str,
) -> str:
    """`<name format="html"><text>…</text>files</name>`: HTML where it reads back the same, else Markdown."""
    named = {path: assets[path] for path in dict.fromkeys(pictures.named(markdown)) if path in assets}
    text = pictures.moved(markdown, lambda path: FILES + quote(path) if path in named else None)
    inline = name in ("answer", "subquestion")
    form, shown = written(text) if written else _written(text, inline=inline)
    files = (_file(path, data) for path, data in named.items())
    return tag(name, tag("text", content(shown)), *files, *inner, **attributes, format=form)


def _written(text: str, *, inline: bool) -> tuple[str, str]:
    if not text:
        return "html", ""
    shown = (_HTML.line(text) if inline else _HTML.block(text)).strip()
    shown = _BLANK.sub(r"[[\1]]", shown)
    return ("html", shown) if _reads("html", shown) == text else ("markdown", text)


def with_line(text: str) -> tuple[str, str]:
    """A line to write on in the place of the blank; where that could be mistaken, the mark itself."""
    for form, written in (
        ("html", _BLANK.sub(BLANK, _HTML.block(text).strip())),
        ("markdown", MARK.sub(r"\\_" * len(BLANK), text)),
    ):
        read = _reads(form, written)
        if not MARK.search(read) and with_blank(read) == text:
            return form, written
    return "markdown", text


def with_gaps(text: str, gaps: Sequence[str]) -> tuple[str, str]:
    """A gap of a cloze in the place of each blank. Raises Skip where it could not be read again."""
    marks = [match[1] for match in MARK.finditer(text)]
    if marks != [str(number) for number in range(1, len(gaps) + 1)]:
        skip("several_blanks", blanks=len(marks))
    for form, written in (
        ("html", _BLANK.sub(lambda match: gaps[int(match[1]) - 1], _HTML.block(text).strip())),
        ("markdown", MARK.sub(lambda match: gaps[int(match[1]) - 1], text)),
    ):
        if _reads(form, Gaps().taken(written, form, _told)) == text:
            return form, written
    return skip("several_blanks", blanks=len(marks))


def _told(code: str, **params: object) -> None:
    """What our own gaps lose is nothing."""


def _reads(form: str, text: str) -> str:
    try:
        return _as_markdown(text, form, lambda lost: skip("element_lost")).strip()
    except Skip:
        return ""


def _file(path: str, data: bytes) -> str:
    folder = posixpath.dirname(path)
    return tag(
        "file",
        base64.b64encode(data).decode(),
        name=posixpath.basename(path),
        path=f"/{folder}/" if folder else "/",
        encoding="base64",
    )
