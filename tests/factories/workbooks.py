"""Workbooks with anything in them, and what reading one costs, measured in a process of its own.

What the interpreter and the libraries cost before a file is opened is measured in the same child and taken
off: it is paid once by a server, not by a file.
"""

from __future__ import annotations

import io
import resource
import stat
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlwt

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


def xls(*rows: Sequence[Any]) -> bytes:
    """A workbook of one sheet as Excel 97 writes it."""
    made = xlwt.Workbook()
    page = made.add_sheet("a")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            page.write(number, column, value)
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
import os, resource, time
from tests.factories.workbooks import *
BEGIN
data = MADE
before = set(os.listdir("/proc/self/fd")), sorted(os.listdir(os.environ["TMPDIR"]))
used = resource.getrusage(resource.RUSAGE_SELF)
began, floor = used.ru_utime + used.ru_stime, used.ru_maxrss
said = read(data)
used = resource.getrusage(resource.RUSAGE_SELF)
left = sorted(os.listdir(os.environ["TMPDIR"])) != before[1]
print(said, round(used.ru_utime + used.ru_stime - began, 2), (used.ru_maxrss - floor) // 1024, left)
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
