"""Word documents as people make them: typed, numbered by Word, coloured, in tables."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from docx import Document
from docx.document import Document as Made
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import RGBColor
from docx.text.paragraph import Paragraph
from lxml import etree

RED = RGBColor(0xFF, 0, 0)
NUMBERING = "application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"


@dataclass(frozen=True)
class Level:
    """One level of an automatic list: its format, `第%1题`, where it starts."""

    form: str = "decimal"
    text: str = "%1."
    start: int = 1


def made(rows: Iterable[str]) -> bytes:
    """A document of these paragraphs."""
    document = Document()
    for row in rows:
        document.add_paragraph(row)
    return saved(document)


def saved(document: Made) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def define(document: Made, name: int, levels: Sequence[Level], extra: str = "") -> None:
    """An abstract list and a list of the same number. `extra` goes into the list, such as an override."""
    root = document.part.numbering_part.element
    shown = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="{one.start}"/><w:numFmt w:val="{one.form}"/>'
        f'<w:lvlText w:val="{one.text}"/></w:lvl>'
        for at, one in enumerate(levels)
    )
    abstract = parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{name}">{shown}</w:abstractNum>')
    first = root.find(qn("w:num"))
    if first is None:
        root.append(abstract)
    else:
        first.addprevious(abstract)
    use(document, name, name, extra)


def use(document: Made, name: int, abstract: int, extra: str = "") -> None:
    """Another list with the counters of an abstract one."""
    root = document.part.numbering_part.element
    root.append(
        parse_xml(
            f'<w:num {nsdecls("w")} w:numId="{name}"><w:abstractNumId w:val="{abstract}"/>{extra}</w:num>'
        )
    )


def restart(level: int = 0, start: int = 1) -> str:
    return f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="{start}"/></w:lvlOverride>'


def numbered(document: Made, text: str, name: int, level: int = 0) -> Paragraph:
    """A paragraph whose number Word shows."""
    paragraph = document.add_paragraph(text)
    paragraph._p.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{name}"/></w:numPr>')
    )
    return paragraph


def red(paragraph: Paragraph) -> None:
    for run in paragraph.runs:
        run.font.color.rgb = RED


def highlighted(paragraph: Paragraph) -> None:
    for run in paragraph.runs:
        run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def bold(paragraph: Paragraph) -> None:
    for run in paragraph.runs:
        run.bold = True


def maths(paragraph: Paragraph, inner: str) -> None:
    """A formula at the end of the paragraph, in OMML without its prefix: `<f><num>…`."""
    space = "http://schemas.openxmlformats.org/officeDocument/2006/math"
    paragraph._p.append(etree.fromstring(f'<oMath xmlns="{space}">{inner}</oMath>'))
