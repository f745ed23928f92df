"""Reading a matrix of marks from CSV text, such as a spreadsheet saves it.

The first row names the items (`member,q1,q2,…`), the second gives their maxima (`max,1,1,…`), and each
further row is a member's marks. An empty cell is an item that the member did not meet.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation

from studyhub.kernel.faults import Fault
from studyhub.scoring.item_statistics import MarkMatrix, Row

MOST_ITEMS = 1_000
MOST_CELLS = 5_000_000
LARGEST_MARK = 10**6
MOST_DECIMALS = 20
LONGEST_NUMBER = 30

Numbered = tuple[int, list[str]]
"""A row that is not blank, with the line (from 1) on which it ends."""


def decode(content: bytes) -> str:
    """The text of a CSV file as spreadsheets save it in China: UTF-8 with or without a mark, or GB18030.

    Raises UnicodeDecodeError when it is neither.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def read_matrix(text: str) -> tuple[MarkMatrix | None, list[Fault]]:
    """The matrix, or None and every fault. A fault's `column` counts cells, as a spreadsheet does."""
    try:
        rows = list(_rows(text))
    except csv.Error as error:
        return None, [Fault("matrix_not_csv", params={"detail": str(error)})]
    faults = _shape_faults(rows)
    if faults:
        return None, faults
    (_, header), (_, maxima), *members = rows
    items = [name.strip() for name in header[1:]]
    faults = _item_faults(rows[0][0], items) + _member_faults(members)
    tops = [_number(rows[1][0], at, cell, items[at - 2], faults) for at, cell in _cells(maxima)]
    marks = [
        [_number(line, at, cell, items[at - 2], faults) for at, cell in _cells(row)] for line, row in members
    ]
    faults += _bound_faults(rows[1][0], tops, [line for line, _ in members], marks)
    return (None, faults) if faults else (_scaled(items, tops, marks), [])


def _rows(text: str) -> Iterator[Numbered]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    for row in reader:
        if any(cell.strip() for cell in row):
            yield reader.line_num, row


def _cells(row: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The cells after the first, each with its number in the row (from 1)."""
    return enumerate((cell.strip() for cell in row[1:]), start=2)


def _shape_faults(rows: Sequence[Numbered]) -> list[Fault]:
    if len(rows) < 3:
        return [Fault("matrix_too_short", params={"rows": len(rows)}, hint="matrix_form")]
    header = rows[0][1]
    if len(header) < 2:
        return [Fault("matrix_no_items", rows[0][0], 1, hint="matrix_form")]
    if len(header) - 1 > MOST_ITEMS or len(header) * len(rows) > MOST_CELLS:
        return [Fault("matrix_too_large", params={"items": len(header) - 1, "members": len(rows) - 2})]
    if rows[1][1][0].strip().lower() != "max":
        return [Fault("matrix_no_maxima", rows[1][0], 1, {"found": rows[1][1][0][:40]}, "matrix_form")]
    return [
        Fault("matrix_row_length", line, 1, {"cells": len(row), "wanted": len(header)})
        for line, row in rows[1:]
        if len(row) != len(header)
    ]


def _item_faults(line: int, items: Sequence[str]) -> list[Fault]:
    faults = []
    for at, item in enumerate(items, start=2):
        if not item:
            faults.append(Fault("matrix_item_unnamed", line, at))
        elif item in items[: at - 2]:
            faults.append(Fault("matrix_item_twice", line, at, {"item": item}))
    return faults


def _member_faults(members: Sequence[Numbered]) -> list[Fault]:
    """A member twice is a pasted row, and would count twice; rows without a name are let be."""
    faults, seen = [], dict[str, int]()
    for line, row in members:
        name = row[0].strip()
        if name and name in seen:
            faults.append(Fault("matrix_member_twice", line, 1, {"member": name[:40], "first": seen[name]}))
        seen.setdefault(name, line)
    return faults


def _number(line: int, at: int, cell: str, item: str, faults: list[Fault]) -> Decimal | None:
    """The cell's number; None when it is empty, or when it is none (and then a fault says so)."""
    if not cell:
        return None
    try:
        # int() and Decimal() read "1_000"; a spreadsheet never writes it.
        value = Decimal(cell) if len(cell) <= LONGEST_NUMBER and "_" not in cell else Decimal("NaN")
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        faults.append(Fault("matrix_not_a_number", line, at, {"found": cell[:40], "item": item}))
        return None
    if abs(value) > LARGEST_MARK or -int(value.as_tuple().exponent) > MOST_DECIMALS:
        faults.append(Fault("matrix_number_out_of_range", line, at, {"found": cell[:40], "item": item}))
        return None
    return value


def _bound_faults(
    line: int,
    tops: Sequence[Decimal | None],
    lines: Sequence[int],
    marks: Sequence[Sequence[Decimal | None]],
) -> list[Fault]:
    """A maximum is a positive number, and no mark is above it."""
    faults = [
        Fault("matrix_maximum_not_positive", line, at, {})
        for at, top in enumerate(tops, start=2)
        if top is None or top <= 0
    ]
    for row_line, row in zip(lines, marks, strict=True):
        for at, (mark, top) in enumerate(zip(row, tops, strict=True), start=2):
            if mark is not None and top is not None and mark > top:
                faults.append(
                    Fault("matrix_mark_above_maximum", row_line, at, {"mark": str(mark), "max": str(top)})
                )
    return faults


def _scaled(
    items: Sequence[str], tops: Sequence[Decimal | None], marks: Sequence[Sequence[Decimal | None]]
) -> MarkMatrix:
    """Everything as whole numbers of the finest unit that occurs."""
    found = [number for row in (tops, *marks) for number in row if number is not None]
    decimals = max(0, *(-int(number.as_tuple().exponent) for number in found))
    scale = 10**decimals

    def whole(number: Decimal | None) -> int | None:
        return None if number is None else int(number.scaleb(decimals))

    rows: tuple[Row, ...] = tuple(tuple(whole(mark) for mark in row) for row in marks)
    return MarkMatrix(tuple(items), tuple(whole(top) or 0 for top in tops), rows, scale)
