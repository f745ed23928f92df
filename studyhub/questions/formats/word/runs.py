"""A paragraph's runs → its text, with what is set apart, pictures and formulas in their places."""

from __future__ import annotations

from dataclasses import dataclass, field

from studyhub.questions.formats.element import Element
from studyhub.questions.formats.layout.line import UNDERLINE, Held, Line, foreign_signs_shown
from studyhub.questions.formats.pictures import address
from studyhub.questions.formats.word import formula
from studyhub.questions.formats.word.document import Document
from studyhub.questions.formats.word.properties import child, value

_THROUGH = frozenset({
    "ins", "hyperlink", "smartTag", "sdt", "sdtContent", "fldSimple", "customXml",
    "AlternateContent", "Choice", "dir", "bdo", "moveTo",
})  # fmt: skip
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


@dataclass(slots=True)
class _Text:
    text: str = ""
    marks: str = ""
    remarks: list[str] = field(default_factory=list)


class Runs:
    """Reads paragraphs. What has no place in a question is told through `told`: a code for each."""

    def __init__(self, document: Document, held: Held) -> None:
        self._document = document
        self._held = held
        self.told: list[tuple[str, str]] = []

    def lines(self, paragraph: Element, number: int) -> list[Line]:
        """The paragraph with its automatic number, cut where its author broke lines."""
        properties = paragraph.first("pPr")
        label = self._document.numbering.label(properties)
        style = self._document.styles.of_paragraph(properties)
        made = _Text()
        self._read(paragraph, style, made)
        if label:
            mark = made.marks[:1] or "0"
            made.text, made.marks = f"{label} {made.text}", mark * (len(label) + 1) + made.marks
        return _cut(made, number)

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
        if child(properties, "vanish") is not None:
            return
        marks = self._document.styles.marks(properties, style)
        for part in run.elements:
            text = self._piece(part, made)
            raised = value(child(properties, "vertAlign"))
            if raised in ("superscript", "subscript") and part.tag == "t":
                text = self._raised(text, raised)
            if marks & UNDERLINE and len(text) > 1 and text.isspace():
                text = _ROOM
                _add(made, text, marks & ~UNDERLINE)
                continue
            _add(made, text, marks)

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
            made.remarks.append("formula_field")
        if tag in ("footnoteReference", "endnoteReference"):
            self.told.append(("footnote_left", ""))
        return ""

    def _symbol(self, part: Element, made: _Text) -> str:
        code = value(part, "char").upper()
        if code in _SYMBOLS:
            return _SYMBOLS[code]
        made.remarks.append("symbol_lost")
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
            self.told.append(("text_box_left", boxes[0][:60]))
            made.remarks.append("text_box_beside")
        found = ""
        for image in part.descendants("blip", "imagedata"):
            reference = value(image, "embed") if image.tag == "blip" else value(image, "id")
            path = self._document.picture(reference)
            if path is None or not path.lower().endswith(_SHOWN):
                made.remarks.append("picture_unshown")
                continue
            found += self._held.hold(f"![]({address(path)})")
        if not found and not boxes:
            made.remarks.append("picture_unshown")
        return found

    def _formula(self, part: Element, made: _Text) -> None:
        for maths in [part] if part.tag == "oMath" else part.all("oMath"):
            try:
                _add(made, self._held.hold(f"${formula.latex(maths)}$"), 0)
            except formula.Unwritable:
                made.remarks.append("formula_unwritable")
                _add(made, foreign_signs_shown(maths.text), 0)


def _add(made: _Text, text: str, marks: int) -> None:
    made.text += text
    made.marks += str(marks) * len(text)


def _cut(made: _Text, number: int) -> list[Line]:
    """The text line by line; what could not be read is said of the first."""
    lines, at = [], 0
    for part in made.text.split("\n"):
        marks = made.marks[at : at + len(part)]
        remarks = tuple(dict.fromkeys(made.remarks)) if at == 0 else ()
        lines.append(Line(part, number, marks if marks.strip("0") else "", remarks))
        at += len(part) + 1
    return lines
