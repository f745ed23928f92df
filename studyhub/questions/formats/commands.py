"""`studyhub banks convert|export`: between the formats, and out of the database."""

from __future__ import annotations

import posixpath
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypedDict, Unpack

import click

from studyhub.kernel.disk import write_whole
from studyhub.kernel.errors import NotFound, Unreadable
from studyhub.kernel.package import LARGEST, Package
from studyhub.media.store import Store
from studyhub.organization import audit
from studyhub.organization.actor import SYSTEM
from studyhub.organization.audit import Act
from studyhub.questions import queries
from studyhub.questions.formats import FORMATS, READ, WRITTEN, container, conversion, detect, wording
from studyhub.questions.formats.conversion import Admitted, Converted
from studyhub.questions.formats.exchange import Format, Source
from studyhub.questions.formats.stored import with_files
from studyhub.questions.formats.yaml_bank import draft_of
from studyhub.questions.intake import in_folder
from studyhub.web.command import REFUSED, json_option, print_json, with_app
from studyhub.web.i18n import gettext as _
from studyhub.web.services import clock, settings
from studyhub.web.transaction import write

output_option = click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="The file to write.",
)


class _Conversion(TypedDict):
    """The options of `convert`."""

    origin: str | None
    form: str
    columns: tuple[str, ...]
    strict: bool
    output: Path | None
    as_json: bool


@click.command("convert")
@click.argument("path", metavar="IN", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--from", "origin", type=click.Choice(READ), help="Its format; found out when not given.")
@click.option("--to", "form", type=click.Choice(WRITTEN), required=True)
@click.option(
    "--column", "columns", metavar="HEADER=COLUMN", multiple=True, help="What a column of a sheet holds."
)
@click.option("--strict", is_flag=True, help="Exit with 1 when anything was skipped.")
@output_option
@json_option
@with_app
def convert_bank(path: Path, **asked: Unpack[_Conversion]) -> None:
    """Turn a file of questions into another format, and report what was read, written and skipped.

    Without -o the result goes to standard output; with --json and without -o only the report is made.
    """
    source = Source(_bounded(path), path.name, _mapping(asked["columns"]), _beside(path))
    origin = FORMATS[asked["origin"]] if asked["origin"] else None
    converted = _converted(
        source, origin or _found_out(source, silent=asked["as_json"]), FORMATS[asked["form"]]
    )
    _deliver(converted, asked["output"], as_json=asked["as_json"])
    bad = not converted.written or (asked["strict"] and converted.skipped)
    sys.exit(REFUSED if bad else 0)


@click.command("export")
@click.argument("bank")
@click.option("--to", "form", type=click.Choice(WRITTEN), default="yaml", show_default=True)
@output_option
@json_option
@with_app
def export_bank(bank: str, form: str, output: Path | None, as_json: bool) -> None:
    """Write a bank, as it is in force, to a file or to standard output; say what the format cannot carry."""
    writer = FORMATS[form]
    assert writer.write is not None
    with write() as session:
        whole = queries.whole_bank(session, bank)
        if whole is None:
            raise NotFound("no_such_bank", bank=bank)
        audit.record(session, SYSTEM, Act.BANK_EXPORTED, f"bank:{bank}", {"form": form}, now=clock()())
    draft = with_files(draft_of(whole), Store(settings().data_dir))
    made = writer.write(draft)
    read = len(whole.questions)
    _deliver(
        Converted(made.data, made.suffix, read, made.written, made.skipped, made.notes, len(draft.assets)),
        output,
        as_json=as_json,
    )
    sys.exit(0 if made.written else REFUSED)


def _found_out(source: Source, *, silent: bool) -> Format:
    """The format that the content shows, and said."""
    try:
        found = detect(source)
    except Unreadable as error:
        click.echo(wording.refusal(error), err=True)
        if error.code == "unknown_format":
            click.echo(_("On the command line: --from %(names)s", names="|".join(READ)), err=True)
        sys.exit(REFUSED)
    if not silent:
        say_found_out(found)
    return found


def say_found_out(*formats: Format | None) -> None:
    """Which formats files were taken for, each once, so that a wrong guess is seen."""
    for name in dict.fromkeys(found.name for found in formats if found):
        format_name = wording.NAMES[name]
        words = _("Read as %(format)s. If it is another format, say so with --from.", format=format_name)
        click.echo(words, err=True)


def _converted(source: Source, reader: Format, writer: Format) -> Converted:
    try:
        return conversion.convert(source, reader, writer)
    except Unreadable as error:
        click.echo(wording.refusal(error), err=True)
        sys.exit(REFUSED)


def _bounded(path: Path) -> bytes:
    """The file, or a little more than the most that is read: a huge one must not fill the memory first."""
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def _mapping(columns: tuple[str, ...]) -> dict[str, str]:
    mapped = {}
    for column in columns:
        header, equals, name = column.partition("=")
        if not equals:
            raise click.BadParameter(_("Write --column HEADER=COLUMN."))
        mapped[header.strip()] = name.strip()
    return mapped


def _beside(path: Path) -> Callable[[str], bytes | None]:
    """The files beside a source or below it, but none that is larger than a package may be."""
    found = in_folder(path, LARGEST)

    def read(name: str) -> bytes | None:
        data = found(name)
        return None if data is None or len(data) > LARGEST else data

    return read


def _deliver(converted: Converted, output: Path | None, *, as_json: bool) -> None:
    """Write the file and the report, each to where it was asked for."""
    if converted.written and output is not None:
        _save(converted, output)
    elif converted.written and not as_json:
        click.echo(converted.data, nl=False)
    if as_json:
        print_json(wording.report(converted))
    else:
        _print_report(converted)


def _print_report(converted: Converted) -> None:
    print_told(converted)
    click.echo(
        _(
            "%(read)s read, %(written)s written, %(skipped)s skipped, %(assets)s files",
            read=converted.read,
            written=converted.written,
            skipped=len(converted.skipped),
            assets=converted.assets,
        ),
        err=True,
    )


def print_told(made: Admitted | Converted) -> None:
    """What was skipped, doubted and noted; on standard error, so that the output stays clean."""
    for skipped in made.skipped:
        head = click.style(_("Skipped"), fg="yellow", bold=True)
        click.echo(f"{head} {wording.place(skipped.place)}: {wording.reason(skipped)}", err=True)
    for doubt in made.doubts:
        head = click.style(_("Doubtful"), fg="yellow")
        click.echo(f"{head} {wording.place(doubt.place)}: {wording.doubt(doubt)}", err=True)
    for note in made.notes:
        said, items = _("Note: %(note)s", note=wording.note_in_words(note)), wording.concerned(note)
        click.echo(said + (f" ({items})" if items else ""), err=True)


def _save(converted: Converted, output: Path) -> None:
    """One file; a bank with images that was asked for as .yaml gets them beside it."""
    if converted.suffix != ".zip" or output.suffix not in container.BANK_SUFFIXES:
        write_whole(output, converted.data)
        return
    package = Package(converted.data)
    for name in package.names:
        is_bank = name.endswith(container.BANK_SUFFIXES) and not posixpath.dirname(name)
        target = output if is_bank else output.parent / name
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, package.read(name) or b"")
