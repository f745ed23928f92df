"""Pictures in workbooks: lying on a row, within a cell as WPS has them, and on the way back out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Any

import pytest
import xlsxwriter

from studyhub.kernel.errors import Unreadable
from studyhub.kernel.package import Package, packed
from studyhub.questions.formats import FORMATS
from studyhub.questions.formats.conversion import Admitted, admit
from studyhub.questions.formats.exchange import Draft, Source
from tests.factories.items import PIXEL

HEADER = ("题型", "题干", "选项A", "选项B", "答案", "图片")
OTHER = PIXEL.replace(b"IDAT", b"IDAT", 1)[:-4] + b"\xaeB`\x83"
Lying = dict[tuple[int, int], bytes]


def book(rows: Sequence[Sequence[str]], lying: Lying, told: str = "") -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as made:
        made.add_worksheet("封面").write_string(0, 0, "题库")
        sheet = made.add_worksheet("题目")
        for number, row in enumerate((HEADER, *rows)):
            sheet.write_row(number, 0, row)
        for (row_at, column), data in lying.items():
            sheet.insert_image(row_at, column, "p.png", {"image_data": io.BytesIO(data), "description": told})
    return out.getvalue()


def with_parts(data: bytes, parts: dict[str, str | bytes]) -> bytes:
    package = Package(data)
    held = {name: package.read(name) or b"" for name in package.names}
    return packed(held | {name: p.encode() if isinstance(p, str) else p for name, p in parts.items()})


def admitted(rows: Sequence[Sequence[str]], lying: Lying, parts: dict[str, Any] | None = None) -> Admitted:
    data = with_parts(book(rows, lying), parts or {})
    found = admit(Source(data, "题库.xlsx"), FORMATS["xlsx"])
    assert found.skipped == []
    return found


def written(found: Admitted) -> list[dict[str, Any]]:
    assert found.bank is not None
    return [question.written for question in found.bank.questions]


def notes(found: Admitted) -> list[str]:
    return [note.code for note in found.notes if note.code != "sheet_ignored"]


CHOICE = ("单选题", "哪一张？", "甲", "乙", "A")
VERDICT = ("判断题", "对吗？", "", "", "对")


def test_a_picture_on_a_row_is_shown_by_the_cell_that_it_lies_on() -> None:
    [first, second] = written(found := admitted([CHOICE, VERDICT], {(1, 3): PIXEL, (2, 1): OTHER}))
    [option] = [path for path, data in found.assets.items() if data == PIXEL]
    [prompt] = [path for path, data in found.assets.items() if data == OTHER]
    assert first["options"] == {"A": "甲", "B": f"乙 ![]({option})"}
    assert second["prompt"] == f"对吗？\n\n![]({prompt})"


@pytest.mark.parametrize("column", [0, 4, 5, 9])
def test_one_that_lies_beside_the_texts_belongs_to_the_question_of_its_row(column: int) -> None:
    [first, second] = written(found := admitted([CHOICE, VERDICT], {(2, column): PIXEL}))
    [path] = found.assets
    assert first["prompt"] == "哪一张？"
    assert second["prompt"] == f"对吗？\n\n![]({path})"
    assert found.assets[path] == PIXEL


def test_an_option_may_be_nothing_but_a_picture() -> None:
    [question] = written(
        found := admitted([("单选题", "哪一张？", "", "", "A")], {(1, 2): PIXEL, (1, 3): OTHER})
    )
    assert question["options"] == {"A": "![](media/image1.png)", "B": "![](media/image2.png)"}
    assert list(found.assets.values()) == [PIXEL, OTHER]


def test_one_that_lies_on_no_question_is_counted() -> None:
    found = admitted([VERDICT], {(0, 0): PIXEL, (30, 2): OTHER})
    assert [(note.code, note.params) for note in found.notes if note.code == "pictures_in_sheet"] == [
        ("pictures_in_sheet", {"count": 2})
    ]


CELL_IMAGES = """<?xml version="1.0" encoding="UTF-8"?>
<etc:cellImages xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
 xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData"><etc:cellImage><xdr:pic><xdr:nvPicPr>
<xdr:cNvPr id="2" name="ID_0A1B"/></xdr:nvPicPr><xdr:blipFill><a:blip r:embed="rId1"/></xdr:blipFill>
</xdr:pic></etc:cellImage></etc:cellImages>"""
CELL_RELATIONS = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
 Target="media/image9.png"/></Relationships>"""
WPS = {
    "xl/cellimages.xml": CELL_IMAGES, "xl/_rels/cellimages.xml.rels": CELL_RELATIONS,
    "xl/media/image9.png": PIXEL,
}  # fmt: skip
SHOWN = '=DISPIMG("ID_0A1B",1)'


def test_a_picture_within_a_cell_of_wps_is_shown_there() -> None:
    [question] = written(found := admitted([("单选题", "哪一张？", SHOWN, "乙", "A")], {}, WPS))
    assert question["options"] == {"A": "![](media/image9.png)", "B": "乙"}
    assert found.assets == {"media/image9.png": PIXEL}


def test_one_in_a_column_for_pictures_belongs_to_the_prompt_and_the_column_is_not_called_unknown() -> None:
    [question] = written(found := admitted([(*VERDICT, SHOWN)], {}, WPS))
    assert question["prompt"] == "对吗？\n\n![](media/image9.png)"
    assert notes(found) == []


def test_a_name_that_the_workbook_does_not_know_is_noted_and_never_shown_as_text() -> None:
    [question] = written(found := admitted([("判断题", f"对吗？{SHOWN}", "", "", "对")], {}))
    assert question["prompt"] == "对吗？"
    assert notes(found) == ["file_not_shown"]


def test_what_is_no_picture_that_can_be_shown_is_noted() -> None:
    found = admitted([(*VERDICT, SHOWN)], {}, {**WPS, "xl/media/image9.png": b"\x01\0\0\0 EMF"})
    assert notes(found) == ["file_not_shown"]
    assert found.assets == {}


def test_rows_about_one_text_stay_together_when_a_picture_lies_on_it() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        sheet = made.add_worksheet("题目")
        rows = (
            ("材料", "题型", "题干", "答案"),
            ("甲文", "判断题", "一", "对"),
            ("甲文", "判断题", "二", "错"),
        )
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        sheet.insert_image(1, 0, "p.png", {"image_data": io.BytesIO(PIXEL)})
    found = admit(Source(out.getvalue(), "x.xlsx"), FORMATS["xlsx"])
    [passage] = written(found)
    assert (passage["prompt"], len(passage["questions"])) == ("甲文\n\n![](media/image1.png)", 2)


def test_pictures_go_out_with_their_rows_and_come_back_where_they_were() -> None:
    question = {
        "id": "q", "type": "single", "prompt": "看 ![图](media/one.png) 与 ![](media/two.png)：哪一张？",
        "options": {"A": "![](media/two.png)", "B": "乙"}, "answer": "A",
    }  # fmt: skip
    draft = Draft(
        {"bank": "b", "title": "t", "language": "zh"},
        [question],
        {"media/one.png": PIXEL, "media/two.png": OTHER},
    )
    writing = FORMATS["xlsx"].write(draft)  # type: ignore[misc]
    assert writing.notes == []
    with zipfile.ZipFile(io.BytesIO(writing.data)) as archive:
        media = [archive.read(name) for name in archive.namelist() if name.startswith("xl/media/")]
    assert sorted(media) == sorted([PIXEL, OTHER])
    found = admit(Source(writing.data, "b.xlsx"), FORMATS["xlsx"])
    assert written(found) == [question]
    assert found.assets == draft.assets


@pytest.mark.parametrize("data", [b"ID3 sound", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"])
def test_what_no_workbook_can_hold_is_named(data: bytes) -> None:
    question = {"id": "q", "type": "truefalse", "prompt": "![](media/x.png)", "answer": True}
    draft = Draft({"bank": "b", "title": "t", "language": "zh"}, [question], {"media/x.png": data})
    writing = FORMATS["xlsx"].write(draft)  # type: ignore[misc]
    assert [note.code for note in writing.notes] == ["images_lost"]
    assert writing.written == 1


@pytest.mark.parametrize(
    "target", ["../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "media/none.png", ""]
)
def test_a_relation_that_leads_nowhere_shows_nothing(target: str) -> None:
    relations = CELL_RELATIONS.replace("media/image9.png", target)
    found = admitted([(*VERDICT, SHOWN)], {}, {**WPS, "xl/_rels/cellimages.xml.rels": relations})
    assert found.assets == {}


def test_a_drawing_with_a_document_type_refuses_the_workbook() -> None:
    data = with_parts(book([VERDICT], {}), {**WPS, "xl/cellimages.xml": "<!DOCTYPE x><x/>"})
    with pytest.raises(Unreadable):
        admit(Source(data, "x.xlsx"), FORMATS["xlsx"])


def placed(rows: Sequence[Sequence[str]], cells: Lying) -> bytes:
    """A workbook with pictures as Excel places them in cells: the cell's value is the picture."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        sheet = made.add_worksheet("题目")
        for number, row in enumerate((HEADER, *rows)):
            sheet.write_row(number, 0, row)
        for (row_at, column), data in cells.items():
            sheet.embed_image(row_at, column, "p.png", {"image_data": io.BytesIO(data)})
    return out.getvalue()


def test_a_picture_that_excel_placed_in_a_cell_comes_along_byte_for_byte() -> None:
    data = placed([CHOICE, ("单选题", "", "甲", "乙", "B")], {(1, 2): PIXEL, (2, 1): OTHER})
    found = admit(Source(data, "题库.xlsx"), FORMATS["xlsx"])
    assert found.skipped == []
    first, second = written(found)
    assert first["options"]["A"] == "![](media/image1.png)"
    assert second["prompt"] == "![](media/image2.png)"
    assert found.assets == {"media/image1.png": PIXEL, "media/image2.png": OTHER}


def test_a_picture_in_a_column_that_shows_none_belongs_to_the_question() -> None:
    found = admit(Source(placed([CHOICE], {(1, 5): PIXEL}), "题库.xlsx"), FORMATS["xlsx"])
    assert [question["prompt"] for question in written(found)] == ["哪一张？\n\n![](media/image1.png)"]


@pytest.mark.parametrize(
    ("part", "was", "becomes"),
    [
        ("rdrichvaluestructure", b"_rvRel:LocalImageIdentifier", b"WebImageIdentifier"),
        ("rdrichvalue", b"<v>0</v>", b"<v>7000000</v>"),
        ("rdrichvalue", b'rv s="0"', b'rv s="999"'),
        ("richValueRel", b'r:id="rId1"', b'r:id="rId9"'),
    ],
)
def test_a_value_that_is_no_picture_of_the_workbook_is_skipped_by_its_cell(
    part: str, was: bytes, becomes: bytes
) -> None:
    data = placed([CHOICE, (*CHOICE[:1], "另一张？", *CHOICE[2:])], {(1, 2): PIXEL})
    name = f"xl/richData/{part}.xml"
    held = Package(data).read(name) or b""
    assert was in held
    found = admit(Source(with_parts(data, {name: held.replace(was, becomes)}), "题库.xlsx"), FORMATS["xlsx"])
    assert len(written(found)) == 1
    assert [(one.code, one.place.cell and one.place.cell.column) for one in found.skipped] == [
        ("cell_error_value", "C")
    ]
