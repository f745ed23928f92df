"""Commands of scoring: item analysis of a file, and whether the standings agree with the marks."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from studyhub.kernel.faults import Fault
from studyhub.scoring import verification
from studyhub.scoring.item_statistics import Analysis, analyse
from studyhub.scoring.mark_matrix import decode, read_matrix
from studyhub.scoring.wording import sentence
from studyhub.web.clock import now
from studyhub.web.command import json_option, print_json, with_app
from studyhub.web.i18n import gettext as _
from studyhub.web.i18n import ngettext
from studyhub.web.transaction import read, write

FAULTY = 1


@click.group()
def statistics() -> None:
    """Statistics of tests."""


@statistics.command()
@click.argument("marks", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
@with_app
def items(marks: Path, as_json: bool) -> None:
    """Item analysis of a matrix of marks: a table on a terminal, JSON for programs and pipes."""
    for_programs = as_json or not sys.stdout.isatty()
    try:
        matrix, faults = read_matrix(decode(marks.read_bytes()))
    except UnicodeDecodeError:
        matrix, faults = None, [Fault("matrix_not_text")]
    if matrix is None:
        _tell_faults(marks, faults, for_programs)
        raise SystemExit(FAULTY)
    analysis = analyse(matrix)
    if for_programs:
        print_json(asdict(analysis))
    else:
        _print_table(analysis)


def _tell_faults(path: Path, faults: Sequence[Fault], for_programs: bool) -> None:
    if for_programs:
        print_json({"faults": [_fault_json(fault) for fault in faults]})
    for fault in faults:
        place = f"{path}:{fault.line}:{fault.column}" if fault.line else f"{path}"
        click.echo(f"{place}: {sentence(fault)}", err=True)


def _fault_json(fault: Fault) -> dict[str, Any]:
    return {"line": fault.line, "column": fault.column, "code": fault.code, "message": sentence(fault)}


def _print_table(analysis: Analysis) -> None:
    """Columns named as in the JSON, so that one page of documentation serves both."""
    rows = [asdict(item) for item in analysis.items]
    names = list(rows[0])
    table = [names, *([_cell(row[name]) for name in names] for row in rows)]
    widths = [max(len(line[at]) for line in table) for at in range(len(names))]
    for line in table:
        click.echo("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)))
    click.echo("")
    for name, value in asdict(analysis.test).items():
        click.echo(f"{name}: {_cell(value)}")


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:.2f}" if isinstance(value, float) else str(value)


@click.group()
def scores() -> None:
    """Standings and roll-ups."""


@scores.command()
@json_option
@with_app
def verify(as_json: bool) -> None:
    """Recompute every standing and roll-up from the marks; exit status 1 when anything differs."""
    with read() as session:
        verification.hold_still(session)
        exam_ids = verification.exam_ids(session)
        with click.progressbar(exam_ids, file=sys.stderr) as exams:
            found = [
                asdict(difference)
                for exam_id in exams
                for difference in verification.differences(session, exam_id, now())
            ]
    if as_json:
        print_json({"exams": len(exam_ids), "differences": found})
    else:
        _tell_differences(len(exam_ids), found)
    if found:
        raise SystemExit(FAULTY)


def _tell_differences(exams: int, found: Sequence[dict[str, Any]]) -> None:
    for difference in found:
        place = f"{difference['exam']} {difference['kind']} {difference['subject']}"
        click.echo(_("%(place)s: kept %(kept)s, recomputed %(found)s", **difference | {"place": place}))
    click.echo(ngettext("%(num)s difference", "%(num)s differences", len(found)), nl=False)
    click.echo(" · " + ngettext("%(num)s exam checked", "%(num)s exams checked", exams))


@scores.command()
@json_option
@with_app
def rebuild(as_json: bool) -> None:
    """Fold every standing anew from the attempts and recount the roll-ups, in short transactions."""
    with read() as session:
        exam_ids = verification.exam_ids(session)
    with click.progressbar(exam_ids, file=sys.stderr) as exams:
        for exam_id in exams:
            verification.rebuild(write, exam_id, now())
    if as_json:
        print_json({"exams": len(exam_ids)})
        return
    click.echo(ngettext("%(num)s exam rebuilt", "%(num)s exams rebuilt", len(exam_ids)))
