"""`studyhub exams …`: check, import, draw and describe exam files."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from studyhub.exams import checking, operations, papers, queries
from studyhub.exams.attempts import available
from studyhub.exams.attempts.verification import broken_journals
from studyhub.exams.file.collecting import ExamOnDisk, banks_beside, collect
from studyhub.exams.file.schema import SCHEMA
from studyhub.exams.models import Exam
from studyhub.exams.papers import Line
from studyhub.exams.pool import prepare
from studyhub.exams.wording import fault_hint, fault_message
from studyhub.kernel.errors import NotFound
from studyhub.kernel.faults import Fault, in_reading_order
from studyhub.kernel.points import to_number
from studyhub.organization.actor import SYSTEM
from studyhub.questions import variants
from studyhub.web.clock import now
from studyhub.web.command import REFUSED, json_option, print_json, with_app, with_passing_app
from studyhub.web.i18n import gettext as _
from studyhub.web.i18n import ngettext
from studyhub.web.services import database, settings
from studyhub.web.transaction import read, write

paths_argument = click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH…"
)
strict_option = click.option("--strict", is_flag=True, help="Warnings count as errors.")


@click.group()
def exams() -> None:
    """Exams: check, import and draw them."""


@exams.command()
@paths_argument
@strict_option
@json_option
@with_passing_app
def check(paths: tuple[Path, ...], strict: bool, as_json: bool) -> None:
    """Find every mistake in exam files, and prove that they can be drawn.

    Banks are looked up in the database, then as files beside the exam or one folder above it.
    """
    found = _collected(paths)
    with read() if database().is_begun else nullcontext() as session:
        for exam in found:
            exam.faults = _check(session, exam)
    _report(found, as_json)
    if _errors(found) or (strict and any(exam.faults for exam in found)):
        sys.exit(REFUSED)


@exams.command("import")
@paths_argument
@strict_option
@json_option
@with_app
def import_(paths: tuple[Path, ...], strict: bool, as_json: bool) -> None:
    """Take exams into force: all of the files, or none when one has a mistake."""
    found = _collected(paths)
    with read() as session:
        checked = [checking.check(session, SYSTEM, exam.text) for exam in found]
    for exam, one in zip(found, checked, strict=True):
        exam.faults = in_reading_order([*exam.faults, *_beyond(exam, one.faults)])
    if _errors(found) or (strict and any(exam.faults for exam in found)):
        _report(found, as_json)
        sys.exit(REFUSED)
    with write() as session:
        stored = [operations.store(session, SYSTEM, each, now=now()) for each in checked]
    if as_json:
        print_json({"exams": [{"exam": each.slug, "became": each.became} for each in stored]})
        return
    _say_faults(found)
    became = {"created": _("created"), "changed": _("updated"), "unchanged": _("unchanged")}
    for each in stored:
        click.echo(f"{each.slug}: {became[each.became]}")


@exams.command()
@json_option
@with_app
def verify(as_json: bool) -> None:
    """Check that no row of the answer journal was changed, moved or taken away."""
    with read() as session:
        broken = broken_journals(session)
    if as_json:
        print_json({"broken": [{"attempt": each.attempt_id, "row": each.row} for each in broken]})
    else:
        for each in broken:
            click.echo(
                _("Attempt %(attempt)s: not whole from row %(row)s on", attempt=each.attempt_id, row=each.row)
            )
        found = ngettext("%(num)s broken journal", "%(num)s broken journals", len(broken))
        click.echo(found if broken else _("Every answer journal is whole."))
    if broken:
        sys.exit(REFUSED)


@exams.command()
def schema() -> None:
    """Print the JSON Schema of the exam file."""
    print_json(SCHEMA)


@exams.command()
@click.argument("exam")
@click.option("--seed", type=int, required=True, help="The same seed gives the same paper.")
@click.option("--member", metavar="NO", help="Draw as for this member, who must be allowed to sit the exam.")
@click.option("--json", "_as_json", is_flag=True, help="Print JSON (it always does).")
@with_app
def draw(exam: str, seed: int, member: str | None, _as_json: bool) -> None:
    """Draw a paper of EXAM without starting an attempt."""
    with read() as session:
        row = _exam(session, exam)
        if member is not None:
            available.require_visible(session, member, exam)
        plan = queries.blueprint_of(session, row)
        lines = papers.draw_unstored(session, plan, seed)
    print_json(
        {
            "exam": exam,
            "seed": seed,
            "questions": [_line(line) for line in lines],
            "expected_score": to_number(papers.expected_score(lines)),
        }
    )


def _exam(session: Session, slug: str) -> Exam:
    try:
        return queries.exam_to_manage(session, SYSTEM, slug)
    except NotFound:
        raise NotFound("unknown_exam", value=slug) from None


def _line(line: Line) -> dict[str, Any]:
    ref = line.candidate.ref
    return {
        "position": line.position,
        "section": line.section,
        "bank": ref.bank,
        "id": ref.id,
        "revision": line.revision.number,
        "points": to_number(line.points),
        "options": [key for key in line.layout if "=" not in key],
        "variables": variants.values_in(line.layout),
        "passage": ref.id.partition("/")[0] if "/" in ref.id else None,
    }


def _collected(paths: Sequence[Path]) -> list[ExamOnDisk]:
    found = collect(paths, settings().zone)
    if not found:
        raise click.UsageError(
            _("There is no exam file here. Give the path of an exam file, or of a folder that holds some.")
        )
    return found


def _check(session: Session | None, exam: ExamOnDisk) -> list[Fault]:
    """The faults of a file, with the banks of the database and those that lie beside it."""
    sections = exam.text.sections
    if not sections:
        return exam.faults
    if session is not None and not inspect(session.connection()).has_table("bank"):
        session = None
    banks = list(dict.fromkeys(bank for section in sections for bank in section.banks))
    known = checking.known_banks(session, SYSTEM, banks) if session else set()
    beside = banks_beside(exam, set(banks) - known)
    found = checking.unknown_banks(exam.text, known | beside.keys())
    if not found:
        stored = [bank for bank in banks if bank in known]
        candidates = papers.candidates(session, stored) if session and stored else []
        candidates += [candidate for bank in beside.values() for candidate in bank]
        found += checking.undrawable(exam.text, prepare(sections, candidates))
        found += checking.marked_by_a_person(exam.text, candidates)
    if session and exam.text.blueprint is not None:
        found += checking.unknown_branches(session, SYSTEM, exam.text)
    return in_reading_order([*exam.faults, *found])


def _beyond(exam: ExamOnDisk, faults: Iterable[Fault]) -> list[Fault]:
    """The faults that are not known of the file already."""
    return [fault for fault in faults if fault not in exam.faults]


def _errors(found: Sequence[ExamOnDisk]) -> int:
    return sum(fault.is_error for exam in found for fault in exam.faults)


def _report(found: Sequence[ExamOnDisk], as_json: bool) -> None:
    errors = _errors(found)
    warnings = sum(len(exam.faults) for exam in found) - errors
    if as_json:
        files = [_file(exam) for exam in found]
        print_json({"files": files, "exams": len(found), "errors": errors, "warnings": warnings})
        return
    _say_faults(found)
    click.echo(
        ngettext("%(num)s exam", "%(num)s exams", len(found))
        + ", "
        + ngettext("%(num)s error", "%(num)s errors", errors)
        + ", "
        + ngettext("%(num)s warning", "%(num)s warnings", warnings)
    )


def _file(exam: ExamOnDisk) -> dict[str, Any]:
    return {
        "path": str(exam.path),
        "exam": exam.text.blueprint.slug if exam.text.blueprint else None,
        "faults": [_fault(fault) for fault in exam.faults],
    }


def _fault(fault: Fault) -> dict[str, Any]:
    return {
        "line": fault.line,
        "column": fault.column,
        "severity": fault.severity.value,
        "code": fault.code,
        "message": fault_message(fault),
        "hint": fault_hint(fault),
        "question": None,
    }


def _say_faults(found: Sequence[ExamOnDisk]) -> None:
    for exam in found:
        for fault in exam.faults:
            kind = _("error") if fault.is_error else _("warning")
            hint = fault_hint(fault)
            said = fault_message(fault) + (f" {hint}" if hint else "")
            click.echo(f"{exam.path}:{fault.line}:{fault.column}: {kind}: {said}")
