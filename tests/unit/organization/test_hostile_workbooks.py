"""A hostile workbook costs an import of people or branches little, is refused, and leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from studyhub.organization.imports.wording import FAULTS
from studyhub.organization.sheets import workbook
from tests.factories.workbooks import MOST_MEMORY_MB, MOST_SECONDS, cost, named_xls, xls

BEGIN = """
def merged(count):
    one = '<mergeCell ref="A%d:B%d"/>'
    return '<mergeCells>' + ''.join(one % (n, n) for n in range(2, count)) + '</mergeCells>'
def links(count):
    one = '<hyperlink ref="A%d" location="%d"/>'
    return '<hyperlinks>' + ''.join(one % (n, n * 7919) for n in range(2, count)) + '</hyperlinks>'
from studyhub.organization.members.member_rows import COLUMNS
from studyhub.organization.sheets.reading import read_records
FAR = '<row><c r="XFD%d"/></row>'
HEADER = '<row r="1">' + ''.join(cell(f'{"ABCD"[n]}1', c) for n, c in enumerate(COLUMNS.required)) + '</row>'
def read(made):
    found = read_records(made, COLUMNS)
    return "+".join(sorted({fault.code for fault in found.faults})) or "taken"
"""

HOSTILE = {
    "a document type in the book": ("book('<sheetData/>', before='<!DOCTYPE x>')", "workbook_entities"),
    "entities that grow": ("book('<sheetData><row><c><v>&b;</v></c></row></sheetData>', before=LAUGHS)",
                           "workbook_entities"),
    "entities in a sheet that is called a picture": ("book('<sheetData/>', before=LAUGHS, at='sheet1.png')",
                                                     "workbook_entities"),
    "a document type in two bytes a letter": (
        "package(**{'xl/workbook.xml': '<!DOCTYPE x [<!ENTITY a \"b\">]><x/>'.encode('utf-16')})",
        "workbook_entities",
    ),
    "a sheet that unpacks to a hundred megabytes": (
        "book('<sheetData>' + ' ' * 100_000_000 + '</sheetData>')", "package_bomb",
    ),
    "millions of shared strings": ("book('<sheetData/>', '<si><t>a</t></si>' * 3_000_000)", "package_bomb"),
    "millions of cells": ("book('<sheetData>' + '<row><c/><c/></row>' * 1_500_000 + '</sheetData>')",
                          "package_bomb"),
    "a row that is said to be the billionth": (
        "book('<sheetData>' + HEADER + LATE % (10**9, 10**9) + '</sheetData>')", "too_many_rows",
    ),
    "a row just within what is read": (
        "book('<sheetData>' + HEADER + LATE % (200_000, 200_000) + '</sheetData>')", "taken",
    ),
    "a cell far to the right in each row": (
        "book('<sheetData>' + HEADER + ''.join(FAR % n for n in range(2, 50_000)) + '</sheetData>')",
        "no_rows",
    ),
    "a link": ("linked(book('<sheetData/>'))", "package_link"),
    "a name that leads out": ("package(**{'xl/workbook.xml': '<x/>', '../../evil.xml': '<x/>'})",
                              "package_path"),
    "ten thousand files": ("package(**{f'{n}.xml': '<x/>' for n in range(10_001)})", "package_too_full"),
    "an old workbook of noise": (
        "b'\\xd0\\xcf\\x11\\xe0\\xa1\\xb1\\x1a\\xe1' + bytes(5_000_000)", "broken_workbook",
    ),
    "a workbook of formats": (
        "crowded('xl/styles.xml', '<styleSheet>', '<xf numFmtId=\"%d\"/>', 45_000)", "too_many_elements",
    ),
    "a workbook of relations": (
        "crowded('xl/_rels/workbook.xml.rels', '<Relationships>', '<Relationship Id=\"%d\"/>', 45_000)",
        "too_many_elements",
    ),
    "a sheet of merged cells": (
        "book('<sheetData>' + HEADER + '</sheetData>' + merged(300_000))", "too_many_elements",
    ),
    "a sheet of links": (
        "book('<sheetData>' + HEADER + '</sheetData>' + links(300_000))", "too_many_elements",
    ),
    "a sheet of words that nobody knows": (
        "book('<sheetData>' + ''.join(f'<x n=\"{n * 7919}\"/>' for n in range(300_000)) + '</sheetData>')",
        "too_many_elements",
    ),
    "names in a book that is another file": (
        "elsewhere('<definedNames>', '<definedName name=\"n%d\">a!$A$1</definedName>', 45_000)",
        "too_many_elements",
    ),
    "cells in a sheet that is a chart": ("charted('<c r=\"A%d\"/>', 45_000)", "too_many_elements"),
    "an old workbook of names": ("named_xls(8_000, COLUMNS.required)", "no_rows"),
    "an old workbook of nothing but records": ("named_xls(0)[:512] + bytes(4) * 9", "broken_workbook"),
    "a sheet that is said to be another workbook": (
        "referring('externalLink', '<worksheet>' + merged(300_000) + '</worksheet>', sheet_too=True)",
        "too_many_elements",
    ),
    "an old workbook with one cell far away": ("far_xls(1)", "empty_file"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_costs_little_and_is_refused_with_a_reason(name: str, tmp_path: Path) -> None:
    expression, expected = HOSTILE[name]
    found = cost(expression, BEGIN, tmp_path)
    assert found.said == expected
    assert expected == "taken" or expected in FAULTS
    assert found.seconds <= MOST_SECONDS
    assert found.megabytes <= MOST_MEMORY_MB
    assert not found.left_something


def test_a_workbook_may_have_tens_of_thousands_of_formats(tmp_path: Path) -> None:
    made = "crowded('xl/styles.xml', '<styleSheet xmlns=\"%s\">' % MAIN, '<!-- %d --><x/>', 15_000)"
    found = cost(made, BEGIN, tmp_path)
    assert found.said == "empty_file"


def test_members_in_a_large_workbook_are_still_read(tmp_path: Path) -> None:
    rows = "'<sheetData>' + HEADER + ''.join(LATE % (n, n) for n in range(2, 50_000)) + '</sheetData>'"
    found = cost(f"book({rows})", BEGIN, tmp_path)
    assert found.said == "taken"


@pytest.mark.parametrize("kind", ["externalLink", "pivotCacheDefinition"])
def test_what_a_workbook_refers_to_and_nobody_reads_refuses_it_not(kind: str, tmp_path: Path) -> None:
    """The values of another workbook or of a pivot table, kept beside the sheets."""
    bare = "book('<sheetData>' + LATE % (1, 1) + '</sheetData>')"
    part = f"'<{kind} xmlns=\"%s\">' % MAIN + '<x v=\"1\"/>' * 60_000 + '</{kind}>'"
    assert cost(f"referring('{kind}', {part})", BEGIN, tmp_path).said == cost(bare, BEGIN, tmp_path).said


def test_an_old_workbook_with_names_is_read_as_without_them() -> None:
    rows = (("a", "1"), ("b", "2"))
    without, named = (
        workbook.xls_tables(made, lambda value, form: (str(value), None), 9)
        for made in (xls(*rows), named_xls(3, *rows))
    )
    assert without == named
    assert [list(row.cells) for row in named[0].rows] == [["a", "1"], ["b", "2"]]
