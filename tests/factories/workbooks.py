"""Workbooks with anything in them, and what reading one costs, measured in a process of its own.

What the interpreter and the libraries cost before a file is opened is measured in the same child and taken
off: it is paid once by a server, not by a file. Seconds are those of the machine that `tests.pace` states.
"""

from __future__ import annotations

import io
import resource
import stat
import struct
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlwt
import xlwt.CompoundDoc

MEGABYTE = 1024 * 1024
MOST_MEMORY_MB = 256
MOST_SECONDS = 2.0
KILLED_AFTER_S = 40  # of the whole child with its start, on a busy machine

RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def package(**files: str | bytes) -> bytes:
    """A zip of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def xls(*rows: Sequence[Any], shown: str = "General") -> bytes:
    """A workbook of one sheet as Excel 97 writes it, its numbers and dates `shown` so."""
    made = xlwt.Workbook()
    page = made.add_sheet("a")
    style = xlwt.easyxf(num_format_str=shown)
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            page.write(number, column, value, style)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def named_xls(count: int, *rows: Sequence[Any]) -> bytes:
    """A workbook as Excel 97 writes it, with so many names, each of a formula of a thousand numbers."""
    made = xlwt.Workbook()
    page = made.add_sheet("a")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            page.write(number, column, value)
    records = bytearray(made.get_biff_data())
    formula = b"\x1e\x01\x00" + b"\x1e\x01\x00\x03" * 999
    names = b"".join(_name_record(f"n{number}", formula) for number in range(count))
    at = 0
    while (found := struct.unpack_from("<HH", records, at))[0] != 0x0A:
        if found[0] == 0x85:  # of a sheet: where it begins
            (begins,) = struct.unpack_from("<I", records, at + 4)
            struct.pack_into("<I", records, at + 4, begins + len(names))
        at += 4 + found[1]
    out = io.BytesIO()
    xlwt.CompoundDoc.XlsDoc().save(out, bytes(records[:at]) + names + bytes(records[at:]))
    return out.getvalue()


def _name_record(name: str, formula: bytes) -> bytes:
    said = struct.pack("<HBBHHH4B", 0, 0, len(name), len(formula), 0, 0, 0, 0, 0, 0)
    body = said + b"\0" + name.encode() + formula
    return struct.pack("<HH", 0x18, len(body)) + body


def far_xls(sheets: int) -> bytes:
    """A workbook as Excel 97 writes it, with nothing but the last cell that there can be on each sheet."""
    made = xlwt.Workbook()
    for number in range(sheets):
        made.add_sheet(f"{number}").write(65_535, 255, "x")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def book(sheet: str, shared: str = "", before: str = "", at: str = "sheet1.xml") -> bytes:
    """A workbook by the XML of its sheet, the file `at`. `before` stands above the book and the sheet."""
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml."
    return package(
        **{
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
            'relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{types}sheet.main+xml"/>'
            f'<Override PartName="/xl/sharedStrings.xml" ContentType="{types}sharedStrings+xml"/>'
            f'<Override PartName="/xl/worksheets/{at}" ContentType="{types}worksheet+xml"/></Types>',
            "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="r" Type="{RELS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'{before}<workbook xmlns="{MAIN}" xmlns:r="{RELS}"><sheets>'
            '<sheet name="a" sheetId="1" r:id="s"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="s" Type="{RELS}/worksheet" Target="worksheets/{at}"/>'
            f'<Relationship Id="t" Type="{RELS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
            "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{shared}</sst>',
            f"xl/worksheets/{at}": f'{before}<worksheet xmlns="{MAIN}">{sheet}</worksheet>',
        }
    )


def crowded(name: str, begin: str, one: str, count: int) -> bytes:
    """A workbook with one more file, or with another of this name: an element in it, so many times."""
    held = zipfile.ZipFile(io.BytesIO(book("<sheetData/>")))
    files: dict[str, str | bytes] = {each: held.read(each) for each in held.namelist()}
    many = "".join(one % number for number in range(count))
    end = begin.partition(" ")[0].strip("<>")
    return package(**{**files, name: f"{begin}{many}</{end}>"})


def elsewhere(begin: str, one: str, count: int) -> bytes:
    """A workbook whose book is another file than `xl/workbook.xml`, which only stands there as well."""
    held = zipfile.ZipFile(io.BytesIO(book("<sheetData/>")))
    files = {each: held.read(each).decode() for each in held.namelist()}
    many = "".join(one % number for number in range(count))
    end = begin.partition(" ")[0].strip("<>")
    real = files["xl/workbook.xml"].replace("</workbook>", f"{begin}{many}</{end}></workbook>")
    files["xl/_rels/real.xml.rels"] = files["xl/_rels/workbook.xml.rels"]
    types = files["[Content_Types].xml"].replace("/xl/workbook.xml", "/xl/real.xml")
    return package(**{**files, "[Content_Types].xml": types, "xl/real.xml": real})


def charted(one: str, count: int) -> bytes:
    """A workbook whose sheet is said to be a chart."""
    held = zipfile.ZipFile(io.BytesIO(book("".join(one % number for number in range(count)))))
    files = {each: held.read(each).decode() for each in held.namelist()}
    related = files["xl/_rels/workbook.xml.rels"].replace('/worksheet"', '/chartsheet"')
    return package(**{**files, "xl/_rels/workbook.xml.rels": related})


def referring(kind: str, part: str, *, sheet_too: bool = False) -> bytes:
    """A workbook that refers to one more part, of this kind of relation; or whose sheet does so, too."""
    held = zipfile.ZipFile(io.BytesIO(book("<sheetData>" + LATE % (1, 1) + "</sheetData>")))
    files = {each: held.read(each).decode() for each in held.namelist()}
    related = files["xl/_rels/workbook.xml.rels"]
    other = f'<Relationship Id="o&#120;" Type="{RELS}/{kind}" Target="{kind}s/{kind}1.xml"/>'
    files["xl/_rels/workbook.xml.rels"] = related.replace("</Relationships>", f"{other}</Relationships>")
    if sheet_too:
        files["xl/workbook.xml"] = files["xl/workbook.xml"].replace('r:id="s"', 'r:id="&#111;x"')
    return package(**files, **{f"xl/{kind}s/{kind}1.xml": part})


def cell(at: str, text: str) -> str:
    return f'<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>'


def linked(held: bytes) -> bytes:
    """A zip with one more file, which is a link to another."""
    link = zipfile.ZipInfo("xl/media/image1.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    out = io.BytesIO(held)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    return out.getvalue()


LATE = '<row r="%d">' + cell("A%d", "x") + "</row>"
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'

_CHILD = """
import os
from tests.factories.workbooks import *
from tests.memory import PeakMemory
from tests.pace import Stopwatch
BEGIN
data = MADE
before = set(os.listdir("/proc/self/fd")), sorted(os.listdir(os.environ["TMPDIR"]))
with PeakMemory() as grown, Stopwatch() as spent:
    said = read(data)
left = sorted(os.listdir(os.environ["TMPDIR"])) != before[1]
print(said, round(spent.seconds, 2), grown.bytes // 1024**2, left)
"""


@dataclass(frozen=True)
class Cost:
    said: str
    seconds: float
    megabytes: int
    left_something: bool


def cost(made: str, begin: str, folder: Path) -> Cost:
    """What a child that runs `begin` (it defines `read`) needs to read what the expression `made` makes."""
    child = subprocess.run(
        [sys.executable, "-c", _CHILD.replace("BEGIN", begin).replace("MADE", made)],
        capture_output=True,
        text=True,
        timeout=KILLED_AFTER_S,
        env={"PYTHONPATH": ":".join(sys.path), "TMPDIR": str(folder), "PATH": ""},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (1024 * MEGABYTE, 1024 * MEGABYTE)),
        check=False,
    )
    assert child.returncode == 0, child.stderr[-500:]
    said, seconds, megabytes, left = child.stdout.split()
    return Cost(said, float(seconds), int(megabytes), left == "True")
