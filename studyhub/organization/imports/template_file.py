"""A workbook with the right headings and a few example rows, as a start for who has no file yet."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import xlsxwriter


def template(headings: Sequence[str], examples: Sequence[Sequence[str]]) -> bytes:
    """An XLSX with these headings and rows. Every cell is text: 00123 stays 00123."""
    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        as_text = book.add_format({"num_format": "@"})
        head = book.add_format({"num_format": "@", "bold": True, "bottom": 1})
        sheet = book.add_worksheet("StudyHub")
        sheet.set_column(0, len(headings) - 1, 18, as_text)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, headings, head)
        for number, row in enumerate(examples, 1):
            sheet.write_row(number, 0, row, as_text)
    return out.getvalue()
