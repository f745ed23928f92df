"""`studyhub banks check`: every fault, for people, for programs, or as annotations of a change on GitHub."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from studyhub.kernel.disk import write_whole
from studyhub.kernel.faults import Fault, told_once
from studyhub.questions import excerpt, source, wording
from studyhub.questions.bank_file import Checked
from studyhub.questions.checking import files, github, unread
from studyhub.questions.checking.files import BankFile, Reader, is_bank_file
from studyhub.questions.formats import conversion
from studyhub.questions.formats.commands import print_told
from studyhub.questions.formats.wording import admission, place_of, refusal
from studyhub.questions.repair import Edit, repair
from studyhub.web.command import REFUSED, json_option, print_json, with_passing_app
from studyhub.web.i18n import gettext as _
from studyhub.web.i18n import in_a_row
from studyhub.web.i18n import ngettext as _n

Fixes = Mapping[Path, Sequence[Edit]]

paths_argument = click.argument(
    "paths", metavar="PATH…", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path)
)
strict_option = click.option("--strict", is_flag=True, help="Warnings count as errors.")


@click.command("check")
@paths_argument
@click.option("--fix", is_flag=True, help="Put right what is mechanical, and say what was done.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="For people, for programs, or as annotations in GitHub Actions.",
)
@strict_option
@json_option
@with_passing_app
def check_banks(paths: Sequence[Path], fix: bool, form: str, strict: bool, as_json: bool) -> None:
    """Report every fault in bank files (a folder: the .yaml files in it)."""
    form = "json" if as_json else form
    checked, fixes = _fixed(paths) if fix else (check(paths), {})
    if form == "json":
        print_json(_report(checked, fixes, fix=fix))
    elif form == "github":
        print_annotations(checked)
    else:
        _print_fixes(fixes)
        print_faults(checked)
        print_totals(checked)
    sys.exit(REFUSED if any(file.unread for file in checked) else status(checked, strict=strict))


def check(paths: Sequence[Path], reader: Reader | None = None) -> list[BankFile]:
    """The bank files at these paths, checked one by one and beside each other."""
    names = _named(paths)
    with progress_bar(len(names), _("Checking")) as bar:
        return files.beside_each_other(files.check(names, bar.update, reader))


def _named(paths: Sequence[Path]) -> list[Path]:
    names = files.find(paths)
    if not names:
        raise click.UsageError(
            _("There is no .yaml file here. Give the path of a bank file, or of a folder that holds some.")
        )
    return names


def _fixed(paths: Sequence[Path]) -> tuple[list[BankFile], Fixes]:
    """The files after what is mechanical was put right in them, and what that was."""
    names = _named(paths)
    results: list[BankFile] = []
    fixes: dict[Path, list[Edit]] = {}
    with progress_bar(len(names), _("Checking")) as bar:
        for path in names:
            data = files.read(path)
            repaired = repair(data) if is_bank_file(path, data) else None
            fixes[path] = repaired.edits if repaired else []
            if repaired and repaired.edits:
                write_whole(path, repaired.data, path.stat().st_mode & 0o777)
            results += files.check([path])
            bar.update(1)
    return files.beside_each_other(results), fixes


def status(checked: Sequence[BankFile], *, strict: bool) -> int:
    """The exit status of an import of these files: what could not be read of one is left out."""
    return REFUSED if any(file.is_refused(strict=strict) for file in checked) else 0


def report(checked: Sequence[BankFile]) -> dict[str, Any]:
    """What the interface promises of a check; with what became of files of other formats."""
    made = unread.report([(str(file.path), file.checked, file.admitted) for file in checked])
    for listed, file in zip(made["files"], checked, strict=True):
        if file.trouble:
            listed["faults"] = [unread.whole(file.trouble)]
            made["errors"] += 1
        if file.admitted:
            listed["conversion"] = admission(file.admitted)
    return made


def _located(file: BankFile) -> Checked:
    """Of a file of another format with the places that a person knows."""
    return conversion.located(file.checked, file.admitted)


def _report(checked: Sequence[BankFile], fixes: Fixes, *, fix: bool) -> dict[str, Any]:
    made = report(checked)
    if fix:
        for listed, file in zip(made["files"], checked, strict=True):
            listed["fixed"] = [_edit(edit) for edit in fixes[file.path]]
    return made


def _edit(edit: Edit) -> dict[str, Any]:
    return {
        "line": edit.line,
        "column": edit.column,
        "code": edit.code,
        "before": edit.old,
        "after": edit.new,
        "question": edit.subject,
    }


def print_skipped(checked: Sequence[BankFile]) -> None:
    """What was left out of files of other formats, on standard error."""
    for file in checked:
        if file.trouble:
            click.echo(f"{file.path}: {refusal(file.trouble)}", err=True)
        if file.admitted:
            print_told(file.admitted)


def print_faults(checked: Sequence[BankFile]) -> None:
    """Every fault with its line and a caret under the offending text; of a file of another format those
    that say the same once."""
    print_skipped(checked)
    for file in checked:
        lines = source.lines(file.checked.text)
        faults = _located(file).faults
        for told in told_once(faults) if file.admitted else [[one] for one in faults]:
            _print_fault(file.path, told, lines)


def _print_fault(path: Path, told: Sequence[Fault], lines: list[str]) -> None:
    """A fault, or faults that say the same of several places."""
    fault = told[0]
    kind = _("Error") if fault.is_error else _("Warning")
    color = "red" if fault.is_error else "yellow"
    about = f" ({fault.subject})" if fault.subject and len(told) == 1 else ""
    head = click.style(f"{kind} {fault.code}", fg=color, bold=True)
    item = _(", ").join(_items(told)) if told[1:] else place_of(fault)
    place = f"{path}:{fault.line}:{fault.column}" if fault.line else f"{path}, {item}" if item else path
    click.echo(f"{place} {head}{about}: {wording.message(fault)}")
    if 0 < fault.line <= len(lines):
        line, caret = excerpt.pointed(lines[fault.line - 1], fault.column)
        click.echo(f"    {line}\n    {click.style(caret, fg=color)}")
    hint = wording.hint(fault)
    if hint:
        click.echo(f"    → {hint}")


def _items(told: Sequence[Fault]) -> list[str]:
    """Where these are, each place once."""
    return list(dict.fromkeys(filter(None, (place_of(fault) or fault.subject for fault in told))))


def print_totals(checked: Sequence[BankFile]) -> None:
    """The last line."""
    totals = {key: value for key, value in report(checked).items() if key != "files"}
    click.echo(
        _n("%(num)s question", "%(num)s questions", totals["questions"])
        + _(", %(errors)s errors, %(warnings)s warnings", **totals)
    )


def print_annotations(checked: Sequence[BankFile]) -> None:
    """One workflow command of GitHub Actions for each fault."""
    for file in checked:
        if file.trouble:
            fault = Fault(file.trouble.code)
            click.echo(github.annotation(str(file.path), fault, "", refusal(file.trouble)))
        for skipped in file.unread:
            fault, said = unread.fault(skipped), unread.sentence(skipped)
            click.echo(github.annotation(str(file.path), fault, "", said))
        lines = source.lines(file.checked.text)
        for fault in _located(file).faults:
            line = lines[fault.line - 1] if 0 < fault.line <= len(lines) else ""
            place = place_of(fault)
            text = in_a_row(place and f"{place}:", wording.message(fault), wording.hint(fault))
            click.echo(github.annotation(str(file.path), fault, excerpt.offending(line, fault.column), text))


def _print_fixes(fixes: Fixes) -> None:
    word = _("Fixed")
    for path, edits in fixes.items():
        for edit in sorted(edits, key=lambda edit: edit.line):
            head = click.style(f"{word} {edit.code}", fg="green", bold=True)
            click.echo(f"{path}:{edit.line}:{edit.column} {head}: {_change(edit)}")


def _change(edit: Edit) -> str:
    if edit.code == "trailing_blanks":
        return _("blanks at the end of the line removed")
    if edit.code == "tab_indent":
        return _("tabs at the beginning of the line replaced by blanks")
    return f"{edit.old.rstrip()} → {edit.new.rstrip()}"


@contextmanager
def progress_bar(length: int, label: str) -> Iterator[Any]:
    """A progress bar on a terminal (on standard error, so that output stays clean); nothing elsewhere."""
    hidden = not sys.stderr.isatty()
    with click.progressbar(length=length, label=label, file=sys.stderr, hidden=hidden) as bar:
        yield bar
