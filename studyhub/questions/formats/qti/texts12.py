"""The materials of QTI 1.2 → Markdown: HTML as text, plain text, pictures; Canvas' paths and formulas."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from urllib.parse import unquote

from studyhub.kernel.package import Package, inside
from studyhub.questions.formats import embedded, from_markup, html_source, pictures
from studyhub.questions.formats.element import Element
from studyhub.questions.images import is_relative

_CANVAS = re.compile(r"\$IMS-CC-FILEBASE\$/*|\$CANVAS_COURSE_REFERENCE\$/(?:file_contents/)?", re.I)
_MARKUP = re.compile(r"<(?:/?[a-zA-Z][a-zA-Z0-9]*)\b[^>]*>|&(?:[a-zA-Z]{2,8}|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
_RESOURCES = "web_resources"
_ASKED = frozenset({"response_lid", "response_str", "response_num", "response_grp", "response_xy"})


class Materials:
    """Reads what an item shows; the files of the package that it names become assets."""

    def __init__(
        self, package: Package | None, path: str, assets: dict[str, bytes], lost: from_markup.Tell
    ) -> None:
        self._package = package
        self._folder = posixpath.dirname(path)
        self._assets = assets
        self._lost = lost

    def markdown(self, holder: Element | None) -> str:
        """All materials within, but none of the responses."""
        return "\n\n".join(filter(None, map(self._shown, materials(holder)))) if holder else ""

    def pieces(self, presentation: Element) -> list[str | Element]:
        """The texts of materials, and the responses between them, in their order."""
        return [
            self._shown(element) if element.tag == "material" else element
            for element in _in_order(presentation)
        ]

    def _shown(self, material: Element) -> str:
        parts: list[str] = []
        for element in material.elements:
            if element.tag in ("mattext", "matemtext"):
                parts.append(self._text(element))
            elif element.tag == "matbreak":
                parts.append("\n")
            elif element.tag in ("matimage", "mataudio") and element.get("uri"):
                parts.append(
                    self._moved(f"![{element.get('label')}]({pictures.address(element.get('uri'))})")
                )
            elif element.tag.startswith("mat"):
                self._lost(element.tag)
        return "".join(parts).strip()

    def _text(self, element: Element) -> str:
        typed = [child for child in element.children if isinstance(child, str)]
        if element.elements and not any(map(_MARKUP.search, typed)):
            return self._moved(from_markup.markdown(element.children, formula, self._lost))
        # Some programs write a part of the HTML as text, and a part as elements.
        text = "".join(child if isinstance(child, str) else _source(child) for child in element.children)
        if element.get("texttype").lower() != "text/html" and not _MARKUP.search(text):
            return from_markup.literal(text.strip())
        html, files = embedded.lifted(text, f"{_RESOURCES}/")
        root = html_source.parse(html)
        return self._moved(from_markup.markdown(root.children, formula, self._lost), files)

    def _moved(self, text: str, files: Mapping[str, bytes] | None = None) -> str:
        return pictures.moved(text, lambda path: self._kept(path, files or {}))

    def _kept(self, path: str, files: Mapping[str, bytes]) -> str | None:
        named = _CANVAS.sub("", unquote(path))
        if not is_relative(named):
            return None
        name = named.partition("?")[0].partition("#")[0]
        data = files.get(posixpath.basename(name)) if name.startswith(f"{_RESOURCES}/embedded-") else None
        if data is None:
            data = next(filter(None, map(self._held, self._places(name))), None)
        if data is None:
            return f"media/{posixpath.basename(name)}" if named != path else None
        kept = pictures.free_name(name, data, self._assets)
        self._assets[kept] = data
        return kept

    def _places(self, name: str) -> list[str]:
        return [inside(self._folder, name), inside("", name), inside(_RESOURCES, name)]

    def _held(self, name: str) -> bytes | None:
        return self._package.read(name) if self._package and name else None


def _source(element: Element) -> str:
    """HTML that an element is read from."""
    attributes = "".join(f' {key}="{escape(value)}"' for key, value in element.attributes.items())
    inner = (escape(child) if isinstance(child, str) else _source(child) for child in element.children)
    return f"<{element.tag}{attributes}>{''.join(inner)}</{element.tag}>"


def materials(holder: Element) -> list[Element]:
    return [element for element in _in_order(holder) if element.tag == "material"]


def responses(holder: Element) -> list[Element]:
    return [element for element in _in_order(holder) if element.tag in _ASKED]


def _in_order(holder: Element) -> Iterator[Element]:
    """Materials and responses below, whatever flows they stand in; not what stands within them."""
    for element in holder.elements:
        if element.tag == "material" or element.tag in _ASKED:
            yield element
        else:
            yield from _in_order(element)


def formula(element: Element) -> str | None:
    """A formula as Canvas has it: a picture that names its LaTeX."""
    latex = element.get("data-equation-content") if element.tag == "img" else ""
    return f"${unquote(latex).strip()}$" if latex.strip() else None


def joined(pieces: Sequence[str | Element], marks: Mapping[int, str]) -> str:
    """Texts with a mark in the place of each response that has one, by its `id`."""
    shown = [piece if isinstance(piece, str) else marks.get(id(piece), "") for piece in pieces]
    return " ".join(filter(None, shown))
