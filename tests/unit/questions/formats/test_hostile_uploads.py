"""A hostile file costs at most two seconds and 256 MB, and leaves nothing behind. Each in a child process."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.factories.workbooks import MOST_MEMORY_MB, MOST_SECONDS, cost

BEGIN = """
from studyhub.kernel.errors import Unreadable
from studyhub.questions.formats import incoming
from studyhub.questions.formats.exchange import Source
LONG = '1. ' + '长' * 19_000 + '\\nA. 甲\\nB. 乙\\n答案：A\\n'
SHORT = '1. 哪一个？\\nA. 甲\\nB. 乙\\n答案：A\\n\\n'
# What does not pack: without it such documents are taken for bombs, which they are not.
VARIED = '<!--' + ''.join(chr(0x4e00 + n * n * 7919 % 20_000) for n in range(100_000)) + '-->'
def word(body, before=''):
    document = '<w:document xmlns:w="w"><w:body>' + body + '</w:body></w:document>'
    return package(**{'word/document.xml': before + document})
def paragraphs(text):
    return ''.join(f'<w:p><w:r><w:t>{line}</w:t></w:r></w:p>' for line in text.split('\\n'))
def related_to(count):
    many = ''.join(f'<Relationship Id="r{n * 7919 % 90_000}" Target="{n}.png"/>' for n in range(count))
    return package(**{'word/document.xml': '<w/>', 'word/_rels/document.xml.rels': f'<R>{many}</R>'})
def with_pictures(count):
    anchor = '<cellImage><pic><cNvPr name="n"/><blip r:embed="r"/></pic></cellImage>'
    out = io.BytesIO(book('<sheetData>' + HEADER + '</sheetData>'))
    with zipfile.ZipFile(out, 'a') as archive:
        archive.writestr('xl/cellimages.xml', '<x xmlns:r="r">' + anchor * count + '</x>')
        for n in range(count // 4):
            archive.writestr(f'xl/media/{n}.png', b'')
    return out.getvalue()
HEADER = f'<row r="1">{cell("A1", "prompt")}{cell("B1", "answer")}</row>'
def read(made):
    try:
        return "taken" if incoming.read(Source(*made)).checked.bank else "nothing"
    except Unreadable as error:
        return error.code
"""

HOSTILE = {
    "a billion rows declared": (
        "book('<dimension ref=\"A1:XFD1048576\"/><sheetData>' + HEADER + '</sheetData>'), 'x.xlsx'",
        "nothing",
    ),
    "a row that is said to be the billionth": (
        "book('<sheetData>' + HEADER + LATE % (10**9, 10**9) + '</sheetData>'), 'x.xlsx'", "too_many_rows",
    ),
    "a row just within what is read": (
        "book('<sheetData>' + HEADER + LATE % (200_000, 200_000) + '</sheetData>'), 'x.xlsx'", "taken",
    ),
    "entities in a workbook": ("book('<sheetData>' + HEADER + '</sheetData>', before=LAUGHS), 'x.xlsx'",
                               "workbook_entities"),
    "a sheet that unpacks to a hundred megabytes": (
        "book('<sheetData>' + ' ' * 100_000_000 + '</sheetData>'), 'x.xlsx'", "package_bomb",
    ),
    "millions of shared strings": (
        "book('<sheetData/>', '<si><t>a</t></si>' * 3_000_000), 'x.xlsx'", "package_bomb",
    ),
    "a workbook without a workbook": ("package(**{'xl/workbook.xml': 'no'}), 'x.xlsx'", "broken_workbook"),
    "an old workbook of noise": (
        "b'\\xd0\\xcf\\x11\\xe0\\xa1\\xb1\\x1a\\xe1' + bytes(5_000_000), 'x.xls'", "broken_workbook",
    ),
    "an old workbook with one cell far away": ("far_xls(1), 'x.xls'", "no_prompt_column"),
    "an old workbook with one cell far away on each sheet": ("far_xls(50), 'x.xls'", "too_many_rows"),
    "a zip in which a name leads out": ("package(**{'../../x.yaml': b'bank: b'}), 'x.zip'", "package_path"),
    "a zip of zeros": ("package(**{'a.yaml': bytes(90_000_000)}), 'x.zip'", "package_bomb"),
    "a table of commas": ("b'prompt,answer\\n' + b',' * 20_000_000, 'x.csv'", "too_many_columns"),
    "a table with an open quotation mark": ("b'prompt,answer\\n\"' + b'a' * 20_000_000, 'x.csv'",
                                            "broken_csv"),
    "a table of empty lines": ("b'prompt,answer\\n' + b'\\n' * 20_000_000, 'x.csv'", "too_many_rows"),
    "a table of fewer empty lines": ("b'prompt,answer\\n' + b'\\n' * 900_000, 'x.csv'", "nothing"),
    "a table of blank cells": ("b'prompt,answer\\n' + (b' ,' * 20 + b'\\n') * 700_000, 'x.csv'", "nothing"),
    "a text of long questions": ("LONG.encode() * 100, 'x.txt'", "taken"),
    "a text of 32 MB of long questions": ("LONG.encode() * 560, 'x.txt'", "too_much_text"),
    "a text of too many short lines": ("SHORT.encode() * 100_000, 'x.txt'", "too_much_text"),
    "a text of brackets that do not close": (
        "LONG.replace('长', '（').encode() * 100, 'x.txt'", "taken",
    ),
    "GIFT of 32 MB of long questions": ("LONG.encode() * 560, 'x.gift'", "too_much_text"),
    "a Word document of long paragraphs": ("word(paragraphs(LONG) * 80 + VARIED), 'x.docx'", "taken"),
    "a Word document of 32 MB of text": ("word(paragraphs(LONG) * 560), 'x.docx'", "package_bomb"),
    "a Word document of empty paragraphs": ("word('<w:p/>' * 100_000 + VARIED), 'x.docx'", "nothing"),
    "a Word document that unpacks to a hundred megabytes": (
        "word(' ' * 100_000_000), 'x.docx'", "package_bomb",
    ),
    "a Word document with entities": ("word('', LAUGHS), 'x.docx'", "xml_doctype"),
    "a Word document with a link": ("linked(word('')), 'x.docx'", "package_link"),
    "a workbook with a link": ("linked(book('<sheetData/>')), 'x.xlsx'", "package_link"),
    "a zip of a bank with a link": ("linked(package(**{'a.yaml': b'bank: b'})), 'x.zip'", "package_link"),
    "a package of QTI with a link": ("linked(package(**{'imsmanifest.xml': b'<manifest/>'})), 'x.zip'",
                                     "package_link"),
    "a workbook of pictures without number": ("with_pictures(30_000), 'x.xlsx'", "nothing"),
    "a Word document of relations": ("related_to(190_000), 'x.docx'", "too_many_elements"),
    "nested JSON": ("b'[' * 20_000_000, 'x.json'", "too_many_items"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_costs_little_and_leaves_nothing_behind(name: str, tmp_path: Path) -> None:
    expression, expected = HOSTILE[name]
    found = cost(expression, BEGIN, tmp_path)
    assert found.said == expected
    assert found.seconds <= MOST_SECONDS
    assert found.megabytes <= MOST_MEMORY_MB
    assert not found.left_something
