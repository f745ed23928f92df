"""Markdown as it stands in a document for Word: pictures and formulas as one character each, the rest plain.

A formula that Word would not give back as the same stands between dollars, as people type it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from studyhub.questions import images
from studyhub.questions.formats import pictures, to_markup
from studyhub.questions.formats.element import Element
from studyhub.questions.formats.exchange import Assets, Draft, Reading
from studyhub.questions.formats.from_markup import literal, picture
from studyhub.questions.formats.layout.line import Held, Line, foreign_signs_shown
from studyhub.questions.formats.layout.reading import read_lines
from studyhub.questions.formats.layout.writing import Plain
from studyhub.questions.formats.word import drawing, equations, tables, tone
from studyhub.questions.formats.xml_writing import tag

_PICTURE = re.compile(r"!\[((?:[^\[\]\\\n]|\\.)*)\]\((?:<([^<>\n]*)>|([^\s()<>]+))(?:[ ]+(\"[^\"\n]*\"))?\)")
_FORMULA = re.compile(
    r"(?<![\\$])(?P<dollars>\${1,2})(?=\S)(?P<latex>[^$\n\U000f0000-\U000ffffd]+)(?<=\S)(?P=dollars)(?![\d$])"
)
_BACKSLASHES = re.compile(r"\\([^\w\s])")
_UNSAFE = re.compile(r"[^A-Za-z0-9.-]+")
SHOWN = tuple(
    suffix for kind, suffixes in images.SUFFIXES.items() if kind.startswith("image/") for suffix in suffixes
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture in a line: its path among the files, and what it is said to show."""

    path: str
    said: str
    title: str


class Texts:
    """The texts of one document. Each text gives the same characters however often it is asked for."""

    def __init__(self, assets: Assets) -> None:
        self._assets = assets
        self._held = Held()
        self._signs: dict[str, str] = {}
        self._shown: dict[str, Shown] = {}
        self._equations: dict[str, str] = {}
        self._drawn = 0
        self._relations: dict[str, str] = {}
        self.plain = Plain(self.said, self.back, self.spelt, _stays, _drawn)

    def said(self, markdown: str) -> str:
        """As it stands in the lines: what is plain already keeps its lines."""
        text = _FORMULA.sub(self._formula, self._with_pictures(markdown))
        typed = Held().formulas(text)
        if literal(typed) == typed:
            return text
        plain, toned = to_markup.plain_lines(text), tone.spread(to_markup.plain_lines(text, tone.TONES))
        return toned if tone.without(toned) == plain else plain

    def back(self, markdown: str) -> str:
        said = "\n".join(line.strip() for line in tone.without(self.said(markdown)).split("\n"))
        with self._held.for_once() as held:
            return held.released(literal(held.formulas(said)))

    def spelt(self, markdown: str) -> str:
        """The same Markdown with pictures and formulas as they are read."""
        text = self._with_pictures(markdown)
        return self._held.released(_FORMULA.sub(lambda found: self._formula(found, block=False), text))

    def read(self, lines: Sequence[str]) -> Reading:
        """How the lines are read once they are paragraphs."""
        with self._held.for_once() as held:
            made = [held.formulas_of(Line(tone.without(line), at)) for at, line in enumerate(lines, 1)]
            return read_lines(made, held)

    def inline(self, sign: str) -> str | None:
        """The XML of what stands in the lines as this character."""
        if sign in self._equations:
            return self._equations[sign]
        shown = self._shown.get(sign)
        if shown is None:
            return None
        self._drawn += 1
        data = self._assets[shown.path]
        return drawing.inline(self._drawn, self._relation(shown.path), data, shown.said, shown.title)

    @property
    def pictures(self) -> dict[str, tuple[str, bytes]]:
        """Those that were drawn, by relation: path and bytes."""
        return {relation: (path, self._assets[path]) for path, relation in self._relations.items()}

    def shows(self, path: str) -> bool:
        """Whether it is a picture that comes along."""
        return path in self._assets and path.lower().endswith(SHOWN)

    def _with_pictures(self, markdown: str) -> str:
        return _PICTURE.sub(self._picture, foreign_signs_shown(markdown))

    def _picture(self, found: re.Match[str]) -> str:
        path = unquote(found[2] or found[3] or "")
        if not self.shows(path):
            return found[0]
        said = _BACKSLASHES.sub(r"\1", found[1])
        title = found[4][1:-1] if found[4] else ""
        sign = self._sign(picture(path, said, title))
        self._shown[sign] = Shown(path, said, title)
        return sign

    def _formula(self, found: re.Match[str], *, block: bool = True) -> str:
        made = equations.omml(found["latex"])
        if made is None:
            return found[0]
        if found["dollars"] == "$$" and not block:
            return f"$${made[1]}$$"
        apart = found["dollars"] == "$$" and _stands_alone(found)
        sign = self._sign(f"$${made[1]}$$" if apart else f"${made[1]}$")
        self._equations[sign] = tag("m:oMathPara", made[0]) if apart else made[0]
        return sign

    def _sign(self, markdown: str) -> str:
        if markdown not in self._signs:
            self._signs[markdown] = self._held.hold(markdown)
        return self._signs[markdown]

    def _relation(self, path: str) -> str:
        """The relation by which the document names a picture: one for each file."""
        return self._relations.setdefault(path, f"rIdPicture{len(self._relations) + 1}")


def _drawn(markdown: str) -> str:
    """The text without the formulas that stand in it as they are typed."""
    return _FORMULA.sub(lambda found: "" if equations.stays_typed(found["latex"]) else found[0], markdown)


def _stays(table: Element) -> bool:
    return tables.stays([[cell.text for cell in row.elements] for row in table.descendants("tr")])


def _stands_alone(found: re.Match[str]) -> bool:
    """Whether it has a line of its own; the first is that of a number or a letter."""
    before, behind = found.string[: found.start()], found.string[found.end() :]
    return before.endswith("\n") and (not behind or behind.startswith("\n"))


def packable(draft: Draft) -> Draft:
    """The draft with its files under names that a package may hold: ASCII, different in more than case."""
    spelt: dict[str, str] = {}
    taken: dict[str, bytes] = {}
    for path, data in draft.assets.items():
        stem, dot, suffix = path.rpartition("/")[2].rpartition(".")
        own = f"media/{_UNSAFE.sub('-', stem).strip('-.') or 'picture'}{dot}{_UNSAFE.sub('', suffix)}"
        lower = pictures.free_name(own.lower(), data, taken)
        taken[lower] = data
        spelt[path] = own if own.lower() == lower else lower
    if all(path == name for path, name in spelt.items()):
        return draft
    assets = {spelt[path]: data for path, data in draft.assets.items()}
    return replace(draft, questions=[_moved(one, spelt) for one in draft.questions], assets=assets)


def _moved(value: Any, paths: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return pictures.moved(value, paths.get) if "](" in value else value
    if isinstance(value, dict):
        return {key: _moved(inner, paths) for key, inner in value.items()}
    return [_moved(inner, paths) for inner in value] if isinstance(value, list) else value
