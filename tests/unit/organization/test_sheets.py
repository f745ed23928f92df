"""A table file is read whatever program wrote it, or refused with a reason; never half."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import openpyxl
import pytest
import xlwt

from studyhub.kernel.errors import Unreadable
from studyhub.organization.sheets import reading, sheet
from studyhub.organization.sheets.reading import Columns, read_records, read_rows

COLUMNS = Columns(("member_no", "name", "branch"), ("phone",), {"工号": "member_no", "姓名": "name"})
TEXT = "member_no,name,branch\n10001,李秀兰,lib-3\n10002,王建国,lib-3\n"


def xlsx(*rows: tuple[object, ...]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xls(*rows: tuple[object, ...]) -> bytes:
    book = xlwt.Workbook()
    page = book.add_sheet("a")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            page.write(number, column, value)
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


def test_a_chinese_column_name_is_answered_with_the_right_one() -> None:
    found = read_records("工号,姓名,branch\n1,李,lib\n".encode(), COLUMNS)
    assert [(f.code, f.params["header"], f.params["meant"]) for f in found.faults] == [
        ("column_called_otherwise", "工号", "member_no"),
        ("column_called_otherwise", "姓名", "name"),
    ]


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
