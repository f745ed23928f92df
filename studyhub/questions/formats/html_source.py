"""HTML as editors write it into questions → elements. Tag soup is taken as browsers take it, roughly."""

from __future__ import annotations

import html as html_module
import re
from html.parser import HTMLParser

from studyhub.questions.fields import LONGEST_TEXT
from studyhub.questions.formats.element import Element
from studyhub.questions.formats.exchange import skip

LONGEST = 100_000
DEEPEST = 100
_VOID = frozenset({"br", "img", "hr", "input", "wbr", "col", "source", "embed", "param", "meta", "link"})
_CLOSES_ITSELF = frozenset({"p", "li", "tr", "td", "th", "option"})

# What may be less in the end than it is written: so what is left is never too little by mistake.
_UNREAD = re.compile(r"<[^<>]*>|&#?\w+;")
_LOOSE = re.compile(r"<(?=[^<>]*(?:<|$))")
_MOST_LOOSE = 100
"""Signs that begin no tag. The parser looks from each of them to the end of the text."""


_ENTITY = re.compile(r"&(?:[a-z][a-z0-9]{1,30}|#[0-9]{1,7}|#x[0-9a-f]{1,6});", re.I)


def without_entities(text: str) -> str:
    """Text without tags as browsers show it: `&lt;` is `<`."""
    return _ENTITY.sub(lambda found: html_module.unescape(found[0]), text)


def refuse_long(html: str) -> None:
    """Raises Skip for a text that no question may have, before anything is done with it: a file of many of
    them would keep us busy for a minute."""
    if len(html) > LONGEST:
        skip("html_too_long", longest=LONGEST)
    if len(html) > LONGEST_TEXT and len(_UNREAD.sub("", "".join(html.split()))) > LONGEST_TEXT:
        skip("html_too_long", longest=LONGEST_TEXT)


def parse(html: str) -> Element:
    """The fragment under one root. Raises Skip when it is too long or too deep for a question."""
    refuse_long(html)
    if len(_LOOSE.findall(html)) > _MOST_LOOSE:
        html = _LOOSE.sub("&lt;", html)
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.root


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("div")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _CLOSES_ITSELF and self._open[-1].tag == tag:
            self._open.pop()
        if len(self._open) > DEEPEST:
            skip("too_deep", deepest=DEEPEST)
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        for at in range(len(self._open) - 1, 0, -1):
            if self._open[at].tag == tag:
                del self._open[at:]
                return

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)
