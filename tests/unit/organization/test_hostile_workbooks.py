"""A hostile workbook costs an import of people or branches little, is refused, and leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from studyhub.organization.imports.wording import FAULTS
from tests.factories.workbooks import MOST_MEMORY_MB, MOST_SECONDS, cost

BEGIN = """
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


def test_members_in_a_large_workbook_are_still_read(tmp_path: Path) -> None:
    rows = "'<sheetData>' + HEADER + ''.join(LATE % (n, n) for n in range(2, 50_000)) + '</sheetData>'"
    found = cost(f"book({rows})", BEGIN, tmp_path)
    assert found.said == "taken"
