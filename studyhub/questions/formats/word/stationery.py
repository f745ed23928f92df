"""What every paper written for Word has in common: how its paragraphs look, its page and its footer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from studyhub.questions.formats.layout.paper import Kind
from studyhub.questions.formats.xml_writing import DECLARATION, escaped, tag
from studyhub.questions.images import SUFFIXES

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MATHS = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PROPERTIES = "application/vnd.openxmlformats-package.core-properties+xml"
_SONG, _HEI, _KAI = "宋体", "黑体", "楷体"

STYLES = {
    Kind.TITLE: "Title",
    Kind.HEADING: "Heading1",
    Kind.STEM: "Stem",
    Kind.TEXT: "StemText",
    Kind.OPTION: "Option",
    Kind.HALVES: "OptionsByTwo",
    Kind.QUARTERS: "OptionsByFour",
    Kind.KEY: "Key",
    Kind.GAP: "Gap",
    Kind.SPACE: "Between",
}
"""By what a line is, the style of its paragraph."""

FOOTER_ID = "rIdFooter"
FIXED_PARTS = (
    ("styles", "styles.xml", f"{_WORD}.styles+xml", "rIdStyles"),
    ("settings", "settings.xml", f"{_WORD}.settings+xml", "rIdSettings"),
    ("footer", "footer1.xml", f"{_WORD}.footer+xml", FOOTER_ID),
)
SECTION = tag(
    "w:sectPr",
    tag("w:footerReference", w__type="default", r__id=FOOTER_ID),
    tag("w:pgSz", w__w="11906", w__h="16838"),
    tag(
        "w:pgMar", w__top="1440", w__right="1418", w__bottom="1440", w__left="1418", w__header="851",
        w__footer="992", w__gutter="0",
    ),
    tag("w:docGrid", w__linePitch="312"),
)  # fmt: skip
"""A4, with the number of the page below. In a grid each line of a high font would take two."""
_INDENT, _TEXT_WIDTH = 420, 11906 - 2 * 1418


def content_types(pictures: Iterable[str]) -> str:
    """`pictures` are their paths."""
    kinds = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml"}
    for suffix in sorted({path.lower().rpartition(".")[2] for path in pictures}):
        kinds[suffix] = next(kind for kind, known in SUFFIXES.items() if f".{suffix}" in known)
    parts = [
        ("word/document.xml", f"{_WORD}.document.main+xml"),
        *((f"word/{name}", kind) for _relation, name, kind, _id in FIXED_PARTS),
        ("docProps/core.xml", _PROPERTIES),
    ]
    return DECLARATION + tag(
        "Types",
        *(tag("Default", Extension=suffix, ContentType=kind) for suffix, kind in kinds.items()),
        *(tag("Override", PartName=f"/{name}", ContentType=kind) for name, kind in parts),
        xmlns=f"{_PACKAGE}/content-types",
    )


def package_relations() -> str:
    return relations([
        ("rId1", f"{OFFICE}/officeDocument", "word/document.xml"),
        ("rId2", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
    ])  # fmt: skip


def relations(listed: list[tuple[str, str, str]]) -> str:
    """Each an id, a kind and a target."""
    made = (tag("Relationship", Id=name, Type=kind, Target=target) for name, kind, target in listed)
    return DECLARATION + tag("Relationships", *made, xmlns=f"{_PACKAGE}/relationships")


def core(title: str) -> str:
    return DECLARATION + tag(
        "cp:coreProperties",
        tag("dc:title", escaped(title)),
        xmlns__cp=f"{_PACKAGE}/metadata/core-properties",
        xmlns__dc="http://purl.org/dc/elements/1.1/",
    )


def settings() -> str:
    mode = tag(
        "w:compatSetting", w__name="compatibilityMode", w__uri="http://schemas.microsoft.com/office/word",
        w__val="15",
    )  # fmt: skip
    return _part(
        "settings",
        tag("w:zoom", w__percent="100"),
        tag("w:defaultTabStop", w__val="420"),
        tag("w:characterSpacingControl", w__val="compressPunctuation"),
        tag("w:compat", mode),
        tag("w:themeFontLang", w__val="en-US", w__eastAsia="zh-CN"),
    )


def footer() -> str:
    """— 3 —, as official papers have it."""
    page = tag("w:fldSimple", tag("w:r", tag("w:t", "1")), w__instr=" PAGE ")
    return _part("ftr", tag("w:p", tag("w:pPr", _is("jc", "center")), _text("— "), page, _text(" —")))


def row(cells: Iterable[str]) -> str:
    """Of a table; each cell is a paragraph."""
    made = (tag("w:tc", tag("w:tcPr", tag("w:tcW", w__w="0", w__type="auto")), cell) for cell in cells)
    return tag("w:tr", tag("w:trPr", tag("w:cantSplit")), *made)


def table(rows: Sequence[str]) -> str:
    """With thin lines, as wide as what it holds."""
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    lines = (tag(f"w:{side}", w__val="single", w__sz="4", w__space="0", w__color="auto") for side in sides)
    properties = tag(
        "w:tblPr",
        tag("w:tblW", w__w="0", w__type="auto"),
        tag("w:tblInd", w__w=str(_INDENT), w__type="dxa"),
        tag("w:tblBorders", *lines),
    )
    count = max(one.count("<w:tc>") for one in rows)
    grid = tag(
        "w:tblGrid", *(tag("w:gridCol", w__w=str((_TEXT_WIDTH - _INDENT) // count)) for _ in range(count))
    )
    return tag("w:tbl", properties, grid, *rows)


def styles() -> str:
    fonts = _fonts(_SONG)
    defaults = tag(
        "w:docDefaults",
        tag(
            "w:rPrDefault",
            tag("w:rPr", fonts, *_size(24), tag("w:lang", w__val="en-US", w__eastAsia="zh-CN")),
        ),
        tag("w:pPrDefault", tag("w:pPr", tag("w:spacing", w__line="380", w__lineRule="atLeast"))),
    )
    return _part(
        "styles",
        defaults,
        _style("Normal", "Normal", "", default="1"),
        _style("Title", "Title", _spaced(120, 240) + _is("jc", "center"), _fonts(_HEI), *_size(36)),
        _style("Heading1", "heading 1", _kept() + _spaced(240, 0) + _is("outlineLvl", "0"),
               _fonts(_HEI), *_size(28)),
        _style("Stem", "题干", _kept()),
        _style("StemText", "题干续行", _kept()),
        _style("Option", "选项", _kept() + tag("w:ind", w__left=str(_INDENT + 340), w__hanging="340")),
        _style("OptionsByTwo", "选项（每行两项）", _kept() + _tabs(2) + _indented()),
        _style("OptionsByFour", "选项（每行四项）", _kept() + _tabs(4) + _indented()),
        _style("Key", "答案", tag("w:keepLines") + _indented(), _fonts(_KAI)),
        _style("Gap", "空行", _kept() + _exactly(120), *_size(10)),
        _style("Between", "间隔", _exactly(160), *_size(10)),
    )  # fmt: skip


def _part(name: str, *inner: str) -> str:
    return DECLARATION + tag(f"w:{name}", *inner, xmlns__w=MAIN)


def _style(name: str, shown: str, paragraph: str, *run: str, default: str = "") -> str:
    first = {"w__default": default} if default else {}
    return tag(
        "w:style",
        _is("name", shown),
        *(() if default else (_is("basedOn", "Normal"), _is("next", "Normal"))),
        tag("w:qFormat"),
        *((tag("w:pPr", paragraph),) if paragraph else ()),
        *((tag("w:rPr", *run),) if run else ()),
        w__type="paragraph",
        **first,
        w__styleId=name,
    )


def _kept() -> str:
    """On one page with what follows: a question is not torn apart."""
    return tag("w:keepNext") + tag("w:keepLines")


def _indented() -> str:
    return tag("w:ind", w__left=str(_INDENT))


def _tabs(columns: int) -> str:
    """Stops that part the line in so many columns of one width."""
    wide = (_TEXT_WIDTH - _INDENT) // columns
    stops = (tag("w:tab", w__val="left", w__pos=str(_INDENT + at * wide)) for at in range(1, columns))
    return tag("w:tabs", *stops)


def _exactly(high: int) -> str:
    return tag("w:spacing", w__line=str(high), w__lineRule="exact")


def _spaced(before: int, after: int) -> str:
    return tag("w:spacing", w__before=str(before), w__after=str(after))


def _fonts(chinese: str) -> str:
    latin = "Times New Roman"
    return tag("w:rFonts", w__ascii=latin, w__hAnsi=latin, w__cs=latin, w__eastAsia=chinese)


def _size(half_points: int) -> tuple[str, str]:
    return _is("sz", str(half_points)), _is("szCs", str(half_points))


def _is(name: str, value: str) -> str:
    return tag(f"w:{name}", w__val=value)


def _text(text: str) -> str:
    return tag("w:r", tag("w:t", text, xml__space="preserve"))
