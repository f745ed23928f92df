"""A table file is read whatever program wrote it, or refused with a reason; never half."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import openpyxl
import pytest

from studyhub.kernel.errors import Unreadable
from studyhub.organization.sheets import reading, sheet
from studyhub.organization.sheets.headings import Columns
from studyhub.organization.sheets.reading import read_records, read_rows
from tests.factories.workbooks import xls

COLUMNS = Columns(
    ("member_no", "name", "branch"),
    ("phone",),
    also_called={
        "member_no": ("编号", "工号"),
        "name": ("姓名",),
        "branch": ("党组织", "部门"),
        "phone": ("手机号",),
    },
    in_chinese={"member_no": "编号", "name": "姓名", "branch": "党组织", "phone": "手机号"},
)
TEXT = "member_no,name,branch\n10001,李秀兰,lib-3\n10002,王建国,lib-3\n"


def xlsx(*rows: tuple[object, ...]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def cells(data: bytes) -> list[tuple[str, ...]]:
    return [row.cells for row in read_rows(data)]


def refusal(data: bytes) -> str:
    with pytest.raises(Unreadable) as error:
        read_rows(data)
    return error.value.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_is_read_in_the_encodings_that_excel_and_wps_write(encoding: str) -> None:
    assert cells(TEXT.encode(encoding))[1] == ("10001", "李秀兰", "lib-3")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_seen_in_the_header(delimiter: str) -> None:
    assert cells(TEXT.replace(",", delimiter).encode())[2] == ("10002", "王建国", "lib-3")


def test_utf16_without_its_mark_is_refused_with_that_reason() -> None:
    assert refusal("member_no,name".encode("utf-16-le")) == "utf16_without_mark"


def test_text_in_no_known_encoding_names_the_line() -> None:
    with pytest.raises(Unreadable) as error:
        read_rows(b"member_no,name\n1,\xff\xff\n")
    assert (error.value.code, error.value.params) == ("unknown_encoding", {"line": 2})


def test_rows_are_numbered_as_an_editor_numbers_them() -> None:
    rows = read_rows(b'a,b\n\n1,"two\nlines"\n3,4\n')
    assert [row.number for row in rows] == [1, 3, 5]


def test_an_open_quotation_mark_names_the_row_where_it_begins() -> None:
    with pytest.raises(Unreadable) as error:
        read_rows(b'a,b\n1,2\n3,"open\n4,5\n')
    assert (error.value.code, error.value.params["line"]) == ("broken_csv", 3)


@pytest.mark.parametrize("write", [xlsx, xls])
def test_a_workbook_is_read_with_its_row_numbers(write) -> None:  # type: ignore[no-untyped-def]
    rows = read_rows(write(("a", "b"), ("", ""), ("李", "x")))
    assert [(row.number, row.cells[:2]) for row in rows] == [(1, ("a", "b")), (3, ("李", "x"))]


@pytest.mark.parametrize("write", [xlsx, xls])
def test_a_number_of_excel_is_read_as_it_is_shown(write) -> None:  # type: ignore[no-untyped-def]
    assert cells(write((10086.0, 13800138000, 1.5)))[0][:3] == ("10086", "13800138000", "1.5")


@pytest.mark.parametrize("write", [xlsx, xls])
def test_a_number_too_long_for_excel_is_told_and_not_guessed(write) -> None:  # type: ignore[no-untyped-def]
    (row,) = read_rows(write((110105194912310020,)))
    assert row.unreadable == {0: "digits_lost"}


def test_zeros_that_a_format_shows_are_kept() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = 123
    book.active["A1"].number_format = "00000"
    out = io.BytesIO()
    book.save(out)
    assert cells(out.getvalue())[0] == ("00123",)


def test_what_excel_turned_into_a_date_or_an_error_is_told() -> None:
    (row,) = read_rows(xlsx((date(2026, 3, 1), "#N/A", "ok")))
    assert row.unreadable == {0: "date_value", 1: "error_value"}


def test_a_sheet_that_lies_about_its_size_is_read_to_its_end() -> None:
    data = xlsx(("a",), ("b",), ("c",))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = part.replace(b'<dimension ref="A1:A3"', b'<dimension ref="A1:A1"')
            new.writestr(name, part)
    assert len(cells(out.getvalue())) == 3


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"\n\n  \n", "empty_file"),
        (b"PK\x03\x04rubbish", "broken_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "broken_workbook"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "not_a_table"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "web_page_as_workbook"),
        (b"a,b\n" + b"x" * (sheet.MAX_CELL + 1), "cell_too_long"),
        (b",".join([b"a"] * 100), "too_many_columns"),
    ],
)
def test_what_is_no_table_is_refused_with_a_reason(data: bytes, code: str) -> None:
    assert refusal(data) == code


def test_a_sheet_that_is_hidden_is_not_the_first_one() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "old notes"
    book.active.sheet_state = "hidden"
    book.create_sheet("now")["A1"] = "name"
    out = io.BytesIO()
    book.save(out)
    assert cells(out.getvalue()) == [("name",)]


def test_a_zip_that_is_no_workbook_is_no_table() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("holiday.jpg", b"x")
    assert refusal(out.getvalue()) == "not_a_table"


def test_a_cut_workbook_is_refused() -> None:
    data = xlsx(*[(str(n),) for n in range(100)])
    assert refusal(data[: len(data) // 2]) == "broken_workbook"


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_ROWS", 2)
    assert refusal(b"a\n1\n2\n3\n") == "too_many_rows"


def test_a_file_too_large_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_BYTES", 10)
    assert refusal(b"a,b\n1,2\n3,4\n") == "file_too_large"


def faults(data: bytes) -> list[tuple[int, str, object]]:
    found = read_records(data, COLUMNS)
    return [(fault.line, fault.code, fault.params.get("header")) for fault in found.faults]


def test_columns_come_in_any_order_and_case() -> None:
    found = read_records("Branch, NAME ,Member_No\nlib,李,1\n".encode(), COLUMNS)
    assert found.faults == ()
    assert found.records[0].values == {"branch": "lib", "name": "李", "member_no": "1"}


def test_every_missing_column_is_told() -> None:
    assert faults(b"name\nx\n") == [(1, "missing_column", "member_no"), (1, "missing_column", "branch")]


def values(text: str) -> list[dict[str, str]]:
    found = read_records(text.encode(), COLUMNS)
    assert not any(fault.is_error for fault in found.faults), found.faults
    return [dict(record.values) for record in found.records]


ONE = {"member_no": "1", "name": "李", "branch": "lib"}


@pytest.mark.parametrize(
    "header", ["工号,姓名,党组织", "编 号,姓\u3000名,党组织（必填）", "*编号:,姓名*,部门", "编号,name,Branch"]
)
def test_a_heading_may_be_chinese_with_blanks_notes_and_stars(header: str) -> None:
    assert values(f"{header}\n1,李,lib\n") == [ONE]


def test_a_heading_of_two_lines_is_read_as_one() -> None:
    assert values('编号,姓名,"党组\n织"\n1,李,lib\n') == [ONE]


def test_titles_and_blank_rows_stand_above_the_headings() -> None:
    found = read_records(
        "东区党员花名册,,\n\n填表日期：2024年3月1日,,\n编号,姓名,党组织\n1,李,lib\n".encode(), COLUMNS
    )
    assert found.faults == ()
    assert [(record.row, dict(record.values)) for record in found.records] == [(5, ONE)]


def test_a_title_without_commas_does_not_hide_what_separates_the_cells() -> None:
    assert values("党员花名册\n编号;姓名;党组织\n1;李;lib\n") == [ONE]


def test_a_title_that_is_a_word_for_a_column_is_no_heading() -> None:
    assert values("党组织,,\n编号,姓名,党组织\n1,李,lib\n") == [ONE]


def test_headings_repeated_on_every_printed_page_are_no_members() -> None:
    assert values("编号,姓名,党组织\n1,李,lib\n编号,姓名,党组织\n") == [ONE]


def test_of_two_headings_for_one_column_the_weightier_counts_and_the_other_is_noted() -> None:
    found = read_records("部门,编号,姓名,党组织\n办公室,1,李,lib\n".encode(), COLUMNS)
    assert dict(found.records[0].values) == ONE
    assert [(f.code, f.params["header"], f.is_error) for f in found.faults] == [
        ("column_ignored", "部门", False)
    ]


def test_columns_that_are_not_used_are_noted_in_one_sentence_whatever_they_hold() -> None:
    found = read_records(
        xlsx(("序号", "编号", "姓名", "党组织", "入党时间"), (1, "1", "李", "lib", date(2024, 3, 1))), COLUMNS
    )
    assert dict(found.records[0].values) == ONE
    assert [(f.code, f.params["header"]) for f in found.faults] == [("column_ignored", "序号、入党时间")]


def test_a_missing_column_is_named_in_the_language_of_the_headings() -> None:
    found = read_records("姓名,手机号\n李,1\n".encode(), COLUMNS)
    assert [(f.code, f.params["header"], f.params["needed"]) for f in found.faults] == [
        ("missing_column", "编号", "编号、姓名、党组织"),
        ("missing_column", "党组织", "编号、姓名、党组织"),
    ]


def test_an_unreadable_cell_is_told_under_the_heading_as_it_stands_in_the_file() -> None:
    found = read_records(
        xlsx(("编号", "姓名", "党组织", "手机号 "), ("1", "李", "lib", date(2024, 3, 1))), COLUMNS
    )
    assert [(f.line, f.code, f.params["header"]) for f in found.faults] == [(2, "date_value", "手机号")]


def test_cells_far_to_the_right_that_excel_leaves_blank_are_no_columns() -> None:
    assert values("编号,姓名,党组织" + "," * 200 + "\n1,李,lib" + "," * 200) == [ONE]


def test_a_mistyped_column_is_recognised_and_an_unknown_one_only_noted() -> None:
    found = read_records(b"member_no,name,branch,phon,notes\n1,a,b,,\n", COLUMNS)
    assert [(f.code, f.is_error) for f in found.faults] == [
        ("column_called_otherwise", True),
        ("column_ignored", False),
    ]


def test_a_column_that_is_there_twice_is_a_fault() -> None:
    assert faults(b"member_no,name,branch,name\n1,a,b,c\n") == [(1, "column_twice", "name")]


def test_a_comma_without_quotation_marks_is_told_in_its_row() -> None:
    assert faults(b"member_no,name,branch\n1,a,b,c\n") == [(2, "more_cells_than_columns", None)]


def test_names_of_columns_alone_are_no_list() -> None:
    assert faults(b"member_no,name,branch\n") == [(0, "no_rows", None)]


def test_blanks_of_every_width_around_a_value_are_taken_off() -> None:
    found = read_records("member_no,name,branch\n\u00a010001\u3000,\u200b李秀兰 ,lib\n".encode(), COLUMNS)
    assert found.records[0].values == {"member_no": "10001", "name": "李秀兰", "branch": "lib"}
