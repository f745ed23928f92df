"""A paragraph's runs → its text, with what is set apart, pictures and formulas in their places."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from studyhub.questions.formats.element import Element
from studyhub.questions.formats.from_markup import picture
from studyhub.questions.formats.layout import signs
from studyhub.questions.formats.layout.line import UNDERLINE, Held, Line, Remark, foreign_signs_shown
from studyhub.questions.formats.word import drawing, formula, numerals
from studyhub.questions.formats.word.document import Document
from studyhub.questions.formats.word.lettering import Lettering
from studyhub.questions.formats.word.numbering import Label
from studyhub.questions.formats.word.properties import child, number, value
from studyhub.questions.formats.word.styles import is_on

_THROUGH = frozenset({
    "ins", "hyperlink", "smartTag", "sdt", "sdtContent", "fldSimple", "customXml",
    "AlternateContent", "Choice", "dir", "bdo", "moveTo",
})  # fmt: skip
_SAYING = _THROUGH | {"r", "oMath", "oMathPara"}
_SYMBOLS = {
    **dict.fromkeys(("F0FC", "F0FE", "F050", "F0D6"), "√"),
    **dict.fromkeys(("F0FB", "F0FD", "F04F", "F0B4"), "×"),
    **dict.fromkeys(("F0A8", "F06F"), "□"),
    "F02A": "*",
    "F0B7": "·",
    "F0E0": "→",
}
"""What Wingdings and Symbol show under their private codes."""
_SUPERSCRIPT = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_SUBSCRIPT = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_SHOWN = (".png", ".jpg", ".jpeg", ".gif", ".webp")
_ROOM = "____"
_NOTES = {
    "footnoteReference": "footnote_left",
    "endnoteReference": "footnote_left",
    "commentReference": "comment_left",
}
LONGEST_QUOTE = 60


@dataclass(slots=True)
class _Text:
    text: str = ""
    marks: str = ""
    remarks: list[tuple[int, str]] = field(default_factory=list)
    """codes, each with the place in the text"""
    struck: list[tuple[int, int]] = field(default_factory=list)
    """the stretches that are struck out"""

    def before(self, label: str, mark: str) -> None:
        """Put this before all of it."""
        wide = len(label)
        self.text, self.marks = label + self.text, mark * wide + self.marks
        self.remarks = [(at + wide if at else 0, code) for at, code in self.remarks]
        self.struck = [(begin + wide, end + wide) for begin, end in self.struck]

    def remark(self, code: str) -> None:
        self.remarks.append((len(self.text), code))


class Runs:
    """Reads paragraphs. What has no place in a question is told through `told`: a code for each."""

    def __init__(self, document: Document, held: Held) -> None:
        self._document = document
        self._held = held
        self._lettering = Lettering()
        self._number = 0
        self._dollars = "$"
        """around the formulas of the paragraph"""
        self._open: _Text | None = None
        """a paragraph whose end was deleted: the next one goes on with it"""
        self.told: list[tuple[str, str]] = []
        self.hidden: list[str] = []
        self.columns: list[str] = []
        """titles of columns that were left out of tables of questions"""

    def lines(self, paragraph: Element, number: int) -> list[Line]:
        """The paragraph with its automatic number, cut where its author broke lines."""
        properties = paragraph.first("pPr")
        style = self._document.styles.of_paragraph(properties)
        made, self._open = self._open or _Text(), None
        self._number, goes_on = number, bool(made.text)
        label = Label() if goes_on else self._document.numbering.label(properties)
        self._dollars = "$$" if not goes_on and not label.text and _is_formula(paragraph) else "$"
        self._read(paragraph, style, made)
        self._label(label, made)
        if child(properties, "rPr", "del") is not None:
            self._open = made
            return []
        return self._finished(made, number)

    def rest(self) -> list[Line]:
        """The last paragraph, where its end was deleted and nothing stands behind it."""
        made, self._open = self._open, None
        return self._finished(made, self._number) if made else []

    def _label(self, label: Label, made: _Text) -> None:
        if label.heads or (label.may_head and signs.heading(Line(made.text))):
            shown = f"{numerals.written(label.number, 'chineseCounting')}、"  # as no option is lettered
        else:
            shown = self._lettering.label(label.text, made.text)
        if shown:
            made.before(f"{shown} ", made.marks[:1] or "0")

    def _finished(self, made: _Text, number: int) -> list[Line]:
        lines = [self._held.formulas_of(line) for line in _cut(made, number)]
        self._lettering.passed(lines)
        return lines

    def _read(self, element: Element, style: list[Element], made: _Text) -> None:
        for part in element.elements:
            if part.tag == "r":
                self._run(part, style, made)
            elif part.tag in ("oMath", "oMathPara"):
                self._formula(part, made)
            elif part.tag in _THROUGH:
                self._read(part, style, made)

    def _run(self, run: Element, style: list[Element], made: _Text) -> None:
        properties = run.first("rPr")
        layers = self._document.styles.layers(properties, style)
        if is_on(layers, "vanish"):
            self._hidden(run)
            return
        marks, begins = self._document.styles.marks(layers), len(made.text)
        for part in run.elements:
            text = self._piece(part, made)
            raised = _raised_as(properties)
            if raised in ("superscript", "subscript") and part.tag == "t":
                text = self._raised(text, raised)
            if marks & UNDERLINE and len(text) > 1 and text.isspace():
                text = _ROOM
                _add(made, text, marks & ~UNDERLINE)
                continue
            _add(made, text, marks)
        if is_on(layers, "strike") or is_on(layers, "dstrike"):
            made.struck.append((begins, len(made.text)))

    def _hidden(self, run: Element) -> None:
        text = "".join(part.text for part in run.all("t"))
        if text.strip():
            self.hidden.append(text.strip())

    def _piece(self, part: Element, made: _Text) -> str:
        tag = part.tag
        if tag == "t":
            return foreign_signs_shown(part.text)
        if tag in ("tab", "ptab"):
            return "\t"
        if tag in ("br", "cr"):
            return "" if value(part, "type") in ("page", "column") else "\n"
        if tag in ("noBreakHyphen", "softHyphen"):
            return "-" if tag == "noBreakHyphen" else ""
        if tag == "sym":
            return self._symbol(part, made)
        if tag == "AlternateContent":
            inner = part.first("Choice") or part.first("Fallback")
            return "".join(self._piece(one, made) for one in (inner.elements if inner else ()))
        if tag in ("drawing", "pict", "object"):
            return self._picture(part, made)
        if tag == "instrText" and part.text.strip().upper().startswith("EQ"):
            made.remark("formula_field")
        if tag in _NOTES:
            self.told.append((_NOTES[tag], ""))
        return ""

    def _symbol(self, part: Element, made: _Text) -> str:
        code = value(part, "char").upper()
        if code in _SYMBOLS:
            return _SYMBOLS[code]
        made.remark("symbol_lost")
        return "□"

    def _raised(self, text: str, where: str) -> str:
        table = _SUPERSCRIPT if where == "superscript" else _SUBSCRIPT
        if all(ord(sign) in table for sign in text):
            return text.translate(table)
        plain = text.strip()
        sign = "^" if where == "superscript" else "_"
        simple = plain.isascii() and plain.isalnum()
        return self._held.hold(f"${sign}{{{plain}}}$") if simple else text

    def _picture(self, part: Element, made: _Text) -> str:
        boxes = [one.text.strip() for one in part.descendants("txbxContent")]
        if boxes:
            self.told.append(("text_box_left", boxes[0][:LONGEST_QUOTE]))
            made.remark("text_box_beside")
        found = ""
        said, title = drawing.described(part)
        for image in part.descendants("blip", "imagedata"):
            reference = value(image, "embed") if image.tag == "blip" else value(image, "id")
            path = self._document.picture(reference)
            if path is None or not path.lower().endswith(_SHOWN):
                made.remark("picture_unshown")
                continue
            found += self._held.hold(picture(path, said, title))
        if not found and not boxes:
            made.remark("picture_unshown")
        return found

    def _formula(self, part: Element, made: _Text) -> None:
        for maths in [part] if part.tag == "oMath" else part.all("oMath"):
            try:
                _add(made, self._held.hold(f"{self._dollars}{formula.latex(maths)}{self._dollars}"), 0)
            except formula.Unwritable:
                made.remark("formula_unwritable")
                _add(made, foreign_signs_shown(maths.text), 0)


def _raised_as(properties: Element | None) -> str:
    """Some programs have no name for it, and make the signs smaller on a line above or below."""
    shift = number(child(properties, "position"))
    if shift and child(properties, "sz") is not None:
        return "superscript" if shift > 0 else "subscript"
    return value(child(properties, "vertAlign"))


def _is_formula(paragraph: Element) -> bool:
    """Whether it is one formula that stands apart, and nothing beside it."""
    return [part.tag for part in paragraph.elements if part.tag in _SAYING] == ["oMathPara"]


def _add(made: _Text, text: str, marks: int) -> None:
    made.text += text
    made.marks += str(marks) * len(text)


def _cut(made: _Text, number: int) -> list[Line]:
    """The text line by line; what could not be read is said of the line that it stands in."""
    parts = made.text.split("\n")
    begins = list(accumulate((len(part) + 1 for part in parts[:-1]), initial=0))
    remarks: dict[int, list[Remark]] = {}
    for place, code in made.remarks:
        remarks.setdefault(bisect_right(begins, place) - 1, []).append((code, ""))
    for at, words in _struck(made, begins).items():
        remarks.setdefault(at, []).append(("struck_out", "…".join(words)[:LONGEST_QUOTE]))
    lines = []
    for at, (begin, part) in enumerate(zip(begins, parts, strict=True)):
        marks = made.marks[begin : begin + len(part)]
        said = tuple(dict.fromkeys(remarks.get(at, ())))
        lines.append(Line(part, number, marks if marks.strip("0") else "", said))
    return lines


def _struck(made: _Text, begins: Sequence[int]) -> dict[int, list[str]]:
    """What is struck out in each line, by the line's index; runs that touch are one."""
    found: dict[int, list[str]] = {}
    last = -1
    for begin, end in made.struck:
        at = bisect_right(begins, begin) - 1
        for part in made.text[begin:end].split("\n"):
            words = found.setdefault(at, []) if part.strip() else []
            if words and last == begin:
                words[-1] = (words[-1] + part)[: LONGEST_QUOTE + 1]
            else:
                words.append(part)
            at += 1
        last = end
    return found
