"""Markdown ↔ the XHTML that an item may hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from urllib.parse import quote

from studyhub.kernel.package import Package, inside
from studyhub.questions.formats import from_markup, pictures, to_markup
from studyhub.questions.formats.element import Element
from studyhub.questions.formats.exchange import skip
from studyhub.questions.formats.from_markup import Special
from studyhub.questions.images import is_relative

# Strike-through and the first number of a list have no place in the XHTML of 2.x.
_STRIKE = re.compile(r"<(/?)s>")
_START = re.compile(r'<ol start="(\d+)">')
# Nor have the titles of links and pictures; a table has a body at least, though it be of one row.
_TITLE = re.compile(r'(<(?:a|img)\b[^>]*?) title="[^"]*"')
_HEAD_ALONE = re.compile(r"<thead>((?:(?!</thead>).)*)</thead>\s*</table>", re.S)
_TAG = re.compile(r"<[^>]*>")
_SEEN = re.compile(r"<(?:img|object|hr|blank)\b")
_BLANK = re.compile(r'<blank n="(\d+)"/>')
_STRUCK, _FROM = "strike", "start-"


def _object(address: str, media_type: str, said: str) -> str:
    return f'<object data="{address}" type="{media_type}">{said}</object>'


_MARKUP = to_markup.Markup(to_markup.mathml, _object)


def _as_typed(number: int) -> str:
    return f"[[{number}]]"


def block(text: str, blank: Callable[[int], str] = _as_typed) -> str:
    """Paragraphs and all; pictures are found from the folder of the items, `blank` stands for `[[1]]`."""
    return _fitted(_MARKUP.block(_from_items(text)), blank)


def line(text: str) -> str:
    return _fitted(_MARKUP.line(_from_items(text)), _as_typed)


def _fitted(written: str, blank: Callable[[int], str]) -> str:
    if "<" not in written:
        return written
    if not _TAG.sub("", written).strip() and not _SEEN.search(written):
        skip("shows_nothing")
    written = _STRIKE.sub(lambda match: "</span>" if match[1] else f'<span class="{_STRUCK}">', written)
    written = _HEAD_ALONE.sub(r"<tbody>\1</tbody></table>", _TITLE.sub(r"\1", written))
    written = _START.sub(rf'<ol class="{_FROM}\1">', written)
    return _BLANK.sub(lambda match: blank(int(match[1])), written)


def _from_items(text: str) -> str:
    return pictures.moved(text, lambda path: f"../{quote(path)}" if is_relative(path) else None)


def has_title(question: Mapping[str, object]) -> bool:
    """Whether a link or a picture of a question has a title, which is not written."""
    return any("](" in text and _TITLE.search(_MARKUP.block(text)) for text in pictures.texts(question))


class Bodies:
    """Reads what an item shows; the files of the package that it names become assets."""

    def __init__(
        self, package: Package | None, path: str, assets: dict[str, bytes], lost: from_markup.Tell
    ) -> None:
        self._package = package
        self._folder = path.rpartition("/")[0]
        self._assets = assets
        self._lost = lost

    def markdown(self, children: Sequence[Element | str], special: Special = lambda element: None) -> str:
        """The Markdown of these nodes. Raises Skip."""
        for element in _all(children):
            _unfit(element)
        shown = from_markup.markdown(children, special, self._lost)
        return pictures.moved(shown, self._kept).strip()

    def _kept(self, path: str) -> str | None:
        if not is_relative(path):
            return None
        name = inside(self._folder, path)
        data = self._package.read(name) if self._package and name else None
        if data is None:
            return None
        kept = pictures.free_name(name, data, self._assets)
        self._assets[kept] = data
        return kept


def _all(children: Sequence[Element | str]) -> Iterator[Element]:
    for child in children:
        if isinstance(child, Element):
            yield child
            yield from child.descendants()


def _unfit(element: Element) -> None:
    kind = element.get("class")
    if element.tag == "span" and kind == _STRUCK:
        element.tag = "s"
    elif element.tag == "ol" and kind.startswith(_FROM):
        element.attributes["start"] = kind.removeprefix(_FROM)


def files(question: Mapping[str, object], assets: Mapping[str, bytes]) -> list[str]:
    """The files of the package that a question shows."""
    return [path for path in dict.fromkeys(pictures.named(question)) if path in assets]
