"""A hostile file costs at most two seconds and 256 MB, and leaves nothing behind. Each in a child process.

What the interpreter and the libraries cost before a file is opened is measured in the same child and taken
off: it is paid once by a server, not by a file.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

MEGABYTE = 1024 * 1024
MOST_MEMORY_MB = 256
MOST_SECONDS = 2.0
KILLED_AFTER_S = 40  # of the whole child with its start, on a busy machine

BEGIN = """
import io, os, resource, sys, time, zipfile
from studyhub.questions.formats import incoming
from studyhub.questions.formats.exchange import Source, Unreadable
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
def package(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()
def book(sheet, shared="", before=""):
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml."
    return package(**{
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
            'relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{types}sheet.main+xml"/>'
            f'<Override PartName="/xl/sharedStrings.xml" ContentType="{types}sharedStrings+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{types}worksheet+xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="r" Type="{RELS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{before}<workbook xmlns="{MAIN}" xmlns:r="{RELS}"><sheets>'
            '<sheet name="a" sheetId="1" r:id="s"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels":
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="s" Type="{RELS}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="t" Type="{RELS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{shared}</sst>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}">{sheet}</worksheet>',
    })
def cell(at, text):
    return f'<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>'
LATE = '<row r="%d">' + cell('A%d', 'x') + '</row>'
HEADER = f'<row r="1">{cell("A1", "prompt")}{cell("B1", "answer")}</row>'
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
def made():
    return EXPRESSION
data, name = made()
before = set(os.listdir("/proc/self/fd")), sorted(os.listdir(os.environ["TMPDIR"]))
used = resource.getrusage(resource.RUSAGE_SELF)
began, floor = used.ru_utime + used.ru_stime, used.ru_maxrss
try:
    arrived = incoming.read(Source(data, name))
    said = "taken" if arrived.checked.bank else "nothing"
except Unreadable as error:
    said = error.code
used = resource.getrusage(resource.RUSAGE_SELF)
left = sorted(os.listdir(os.environ["TMPDIR"])) != before[1]
print(said, round(used.ru_utime + used.ru_stime - began, 2), (used.ru_maxrss - floor) // 1024, left)
"""

HOSTILE = {
    "a billion rows declared": (
        "book('<dimension ref=\"A1:XFD1048576\"/><sheetData>' + HEADER + '</sheetData>'), 'x.xlsx'",
        "nothing",
    ),
    "a row that is said to be the billionth": (
        "book('<sheetData>' + HEADER + LATE % (10**9, 10**9) + '</sheetData>'), 'x.xlsx'", "too_many_items",
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
    "a zip in which a name leads out": ("package(**{'../../x.yaml': b'bank: b'}), 'x.zip'", "package_path"),
    "a zip of zeros": ("package(**{'a.yaml': bytes(90_000_000)}), 'x.zip'", "package_bomb"),
    "a table of commas": ("b'prompt,answer\\n' + b',' * 20_000_000, 'x.csv'", "nothing"),
    "a table with an open quotation mark": ("b'prompt,answer\\n\"' + b'a' * 20_000_000, 'x.csv'",
                                            "broken_csv"),
    "a table of empty lines": ("b'prompt,answer\\n' + b'\\n' * 20_000_000, 'x.csv'", "too_many_items"),
    "a table of fewer empty lines": ("b'prompt,answer\\n' + b'\\n' * 900_000, 'x.csv'", "nothing"),
    "nested JSON": ("b'[' * 20_000_000, 'x.json'", "too_many_items"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_costs_little_and_leaves_nothing_behind(name: str, tmp_path: Path) -> None:
    expression, expected = HOSTILE[name]
    child = subprocess.run(
        [sys.executable, "-c", BEGIN.replace("EXPRESSION", expression)],
        capture_output=True,
        text=True,
        timeout=KILLED_AFTER_S,
        env={"PYTHONPATH": ":".join(sys.path), "TMPDIR": str(tmp_path), "PATH": ""},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (1024 * MEGABYTE, 1024 * MEGABYTE)),
        check=False,
    )
    assert child.returncode == 0, child.stderr[-500:]
    said, seconds, megabytes, left = child.stdout.split()
    assert said == expected
    assert float(seconds) <= MOST_SECONDS
    assert int(megabytes) <= MOST_MEMORY_MB
    assert left == "False"
