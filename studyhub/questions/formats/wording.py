"""The sentences of the formats' reports: what is refused, what was skipped, what did not come along."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studyhub.kernel.errors import Unreadable
from studyhub.kernel.faults import PLACE, Fault
from studyhub.questions import excerpt, wording
from studyhub.questions.desk.wording import MARKINGS
from studyhub.questions.formats.conversion import Admitted, Converted
from studyhub.questions.formats.exchange import Cell, Doubt, Note, Place, Skipped
from studyhub.questions.formats.layout import wording as layout
from studyhub.questions.formats.sheets import wording as sheets
from studyhub.questions.formats.sheets.columns import OPTION
from studyhub.questions.formats.sheets.wording import COLUMN_NAMES
from studyhub.questions.formats.word import wording as word
from studyhub.web.i18n import Counted, in_a_row, lazy_ngettext, spoken
from studyhub.web.i18n import gettext as _
from studyhub.web.i18n import lazy_gettext as _l

NAMES: dict[str, Any] = {
    "aiken": _l("Aiken (plain text)"),
    "csv": _l("table (CSV)"),
    "docx": _l("Word document"),
    "gift": _l("GIFT (Moodle)"),
    "json": _l("JSON"),
    "moodle-xml": _l("Moodle XML"),
    "qti12": _l("QTI 1.2 (Canvas, Respondus)"),
    "qti21": _l("QTI 2.1"),
    "qti22": _l("QTI 2.2"),
    "qti30": _l("QTI 3.0"),
    "text": _l("text in the Chinese layout"),
    "xls": _l("Excel before 2007 (XLS)"),
    "xlsx": _l("Excel (XLSX)"),
    "yaml": _l("bank file (YAML)"),
}
"""What each format is called."""

REFUSALS: dict[str, Any] = {
    **word.REFUSALS,
    "bad_base64": _l("The file “%(name)s” inside is not valid base64."),
    "broken_csv": _l(
        "The table breaks off in line %(line)s: a quotation mark is not closed, or stands amid a cell."
    ),
    "broken_workbook": _l(
        "This is no workbook that can be read; it may be damaged or locked with a password."
    ),
    "not_a_table": _l("This zip holds no workbook."),
    "broken_json": _l("This is not JSON: line %(line)s, column %(column)s."),
    "broken_package": _l("The package is damaged, or not a zip file."),
    "broken_xml": _l("This is not well-formed XML: line %(line)s, column %(column)s."),
    "control_character": _l(
        "Line %(line)s, column %(column)s holds a control character (%(character)s): this is no text file."
    ),
    "empty_source": _l("The file is empty."),
    "nothing_taken": wording.REFUSALS["nothing_taken"],
    "faulty_bank": _l(
        "Mistakes in the bank file: %(errors)s, the first in line %(line)s. `studyhub banks check` names all."
    ),
    "faulty_head": _l("What the file says of the bank as a whole cannot be used."),
    "json_defaults": _l("In JSON every question says all of its keys itself: “defaults” is not possible."),
    "json_key_twice": _l("The key “%(key)s” stands twice in one place."),
    "json_no_bank": _l("The JSON is neither a bank (“questions”: […]) nor a list of questions."),
    "no_qti12": _l("The package holds no file of QTI 1.2 (questestinterop)."),
    "no_manifest": _l("The package has no %(name)s, which lists what it holds."),
    "no_bank_in_package": _l("The package must hold exactly one bank file (.yaml)."),
    "no_prompt_column": _l(
        "No column holds the questions. Name one “题干” or “prompt”; the headers are: %(headers)s."
    ),
    "package_bomb": _l("The package unpacks to far more than its size, or to more than %(limit_mb)s MB."),
    "package_link": _l("The package holds a link (%(name)s). Only plain files are taken."),
    "package_locked": _l("The package is locked with a password."),
    "package_path": _l("A name in the package leads out of it: %(name)s."),
    "package_too_full": _l("The package holds more than %(most)s files."),
    "package_twice": _l("The package holds “%(name)s” twice."),
    "save_as": _l(
        "%(suffix)s files cannot be read. Open it in Word, Excel or WPS and save it as %(better)s."
    ),
    "too_deep_file": _l("Brackets or elements are nested more than %(deepest)s deep."),
    "too_large_file": _l(
        "The file has %(bytes)s bytes; at most %(largest)s are read. Bring it in as several banks (Moodle "
        "exports a category at a time): on the desk their questions can be moved into one."
    ),
    "too_much_text": _l(
        "The document holds more than %(characters)s characters or %(lines)s lines. Divide it into several."
    ),
    "too_many_elements": _l("The file holds far more elements than questions need."),
    "too_many_items": _l("The file holds more than %(most)s items."),
    "too_many_columns": _l("A row has more than %(limit)s cells."),
    "too_many_rows": _l("A sheet holds more than %(limit)s rows. Split it into several."),
    "undecodable": _l(
        "Line %(line)s cannot be read: the file is neither UTF-8 nor GB18030 nor UTF-16. Save it as UTF-8."
    ),
    "workbook_entities": _l(
        "The workbook declares document types or entities, which no program of ours writes."
    ),
    "unknown_format": _l(
        "It is not clear in which format the file is. If it is one of these, say which: %(known)s."
    ),
    "xml_doctype": _l("Line %(line)s begins a DOCTYPE. XML with document types or entities is not read."),
    "xml_long_tag": _l("A tag or comment in line %(line)s is longer than %(longest)s bytes."),
    "xml_root": _l("Line %(line)s begins with <%(tag)s>, where <%(wanted)s> was expected."),
}

REASONS: dict[str, Any] = {
    **layout.REASONS,
    **sheets.REASONS,
    "aiken_answer": _l("There is no line “ANSWER: B” for it, or it names no letter."),
    "arrow_in_text": _l("The format cannot hold “->” within an answer."),
    "bad_base64": REFUSALS["bad_base64"],
    "description": _l("It is a text without a question."),
    "formula_without_latex": _l("It holds a formula that is not written in LaTeX."),
    "gift_answers": _l("The answers between the braces are not GIFT."),
    "gift_unclosed": _l("A brace is opened and not closed before the next blank line."),
    "html_too_long": _l("The text is longer than %(longest)s characters."),
    "left_twice": _l("“%(text)s” stands twice on the left."),
    "looks_like_option": _l(
        "Its text looks like an option or an answer line, which the format cannot tell apart."
    ),
    "layout_misread": _l(
        "In this layout its text would be read as something else: an option, an answer, a number."
    ),
    "left_out": _l("It was left out on the fix-it desk."),
    "long_for_a_cell": _l("A text is longer than the %(longest)s characters that a cell holds."),
    "no_number": _l("“%(value)s” is no number."),
    "no_right_answer": _l("No answer is wholly right."),
    "nothing_but_images": _l(
        "Without its images nothing is left of a text, and the format holds text alone."
    ),
    "one_right_answer": _l("%(count)s answers are marked as the only right one."),
    "gap_not_found": _l("The gap “[%(name)s]” is not in the text, or nothing is right in it."),
    "pairs_not_read": _l("What belongs to “%(pair)s” is not a pair of one on each side."),
    "several_interactions": _l("It asks %(count)s things at once, which are not all gaps in a text."),
    "shown_alike": _l("Two texts of one side look the same when they are shown."),
    "shows_nothing": _l("A text of it shows nothing: all of it is formatting."),
    "option_twice": _l("Option %(key)s stands twice."),
    "several_blanks": _l("The format has place for one blank; here are %(blanks)s."),
    "table_not_carried": _l("It has a table, which this format has no place for."),
    "too_many_options": _l("There are more than %(most)s options."),
    "not_a_question": _l("It is not a question."),
    "type_not_carried": _l("The format has no place for questions of the type “%(type)s”."),
    "type_not_read": _l("Questions of the type “%(type)s” of that program have no counterpart here."),
    "formula_not_read": _l("The formula “%(formula)s” holds what has no counterpart here."),
    "no_values": _l("The variable “%(name)s” has no values."),
    "variable_name": _l("The format has no place for a variable that is called “%(name)s”."),
    "wildcards": _l("Its answers hold wildcards (*), which stand for any text."),
    "variables_not_carried": _l("The format has no place for questions with variables."),
}

NOTES: dict[str, Any] = {
    **layout.NOTES,
    **sheets.NOTES,
    **word.NOTES,
    "element_lost": _l("The formatting “%(tag)s” does not come along; its text does."),
    "marking_changed": _l("The marking rule “%(was)s” becomes “%(now)s”."),
    "larger_than_read": _l(
        "The file has %(bytes)s bytes, and at most %(largest)s are read here: it does not come back as a "
        "whole."
    ),
    "longer_than_read": _l(
        "The paper has %(characters)s characters, and at most %(most)s in %(lines)s lines are read here: "
        "it does not come back as a whole. Export the bank in another format, or in parts."
    ),
    "left_alone": _l("What belongs to nothing on the other side does not come along."),
    "marking_unread": _l("The marking rule of the file has no counterpart; the usual one is taken."),
    "bank_elsewhere": _l(
        "The group “%(group)s” draws from a bank that the file does not hold: export that bank by itself."
    ),
    "signs_replaced": _l(
        "Signs that only some fonts have (private use) do not come along: � stands for them."
    ),
    "test_lost": _l("How questions are put together in a test does not come along."),
    "pictures_in_sheet": lazy_ngettext(
        "%(count)s picture lies on no row of a question and does not come along: move it onto its row.",
        "%(count)s pictures lie on no row of a question and do not come along: move them onto its row.",
    ),
    "weights_lost": _l("Answers that are partly right count as wrong or like the others."),
    "numbers_lost": _l("Of several right numbers only the first is right here."),
    "bank_key_lost": _l("“%(key)s” of the bank does not come along."),
    "file_missing": _l("The file “%(path)s” is named but is not there."),
    "file_not_named": _l("The file “%(path)s” is used by no question and was left out."),
    "file_not_shown": _l(
        "“%(path)s” is no picture and no sound of a kind that can be shown: only its description stays."
    ),
    "formatting_lost": _l("Formatting and line breaks do not come along: the format holds plain lines."),
    "formula_typed": _l("Some formulas are printed as they are typed in LaTeX: Word does not draw them."),
    "ids_lost": _l("The format has no ids: questions that come back get one of their content."),
    "images_lost": _l("Images do not come along: only their names stay in the text."),
    "key_lost": _l("“%(key)s” does not come along."),
    "points_by_blanks": _l("Moodle counts whole points for each blank: %(points)s in all."),
    "points_rounded": _l("Points have two decimals here: %(was)s was rounded."),
    "signs_shown": _l("The format shows these texts as they are typed, signs of formatting included."),
    "drawn_apart": _l(
        "There the values of several variables are drawn together; here each is drawn by itself."
    ),
    "values_sampled": _l(
        "“%(name)s” has more values than the format keeps: %(most)s from everywhere between come along."
    ),
    "wildcards_lost": _l("Answers with wildcards (*) do not come along; the others do."),
    "renamed": _l("“%(was)s” is called “%(now)s” here."),
    "unknown_part": _l("“%(part)s” has no meaning in a bank and was left out."),
    "unseen_removed": _l("Invisible characters were removed."),
}

DOUBTS: dict[str, Any] = {
    **layout.DOUBTS,
    **sheets.DOUBTS,
    **word.DOUBTS,
    "gift_joined": _l(
        "There is a second answer in braces: perhaps two questions without an empty line between."
    ),
    "key_differs": _l(
        "It declares %(declared)s as right, and its marking gives the points for %(marked)s. What it "
        "declares was taken."
    ),
    "type_guessed": _l("The file does not say of which type it is. It was taken for “%(type)s”."),
}
"""What was guessed; formats that guess add theirs."""

_KEYS: dict[str, Any] = {
    "bank": COLUMN_NAMES["id"],
    "feedback": _l("feedback of the options"),
    "fixed": _l("the places of single options"),
    **dict.fromkeys(("hint", "infoControl"), _l("hints")),
    "instructions": _l("instructions"),
    **dict.fromkeys(("itemfeedback", "modalFeedback"), _l("feedback of the whole question")),
    "label": _l("labels"),
    "language": _l("language"),
    "level": _l("level"),
    "source": _l("source"),
    "stimulus": _l("the text that it is about"),
    "title": _l("title"),
}
"""Keys of the bank file that no column of a sheet is called by."""

_MARKINGS: dict[str, Any] = {
    **MARKINGS["multiple"],
    **MARKINGS["order"],
    "under_share": _l("a share for each right one, none for a wrong one"),
}

_PLACES: dict[str, Any] = {
    "question": _l("question %(at)s"),
    "row": _l("row %(at)s"),
    "line": _l("line %(at)s"),
}
_IN_COLUMN = _l("%(row)s, column %(column)s (%(header)s)")
_CELL_SAYS = _l("The cell says “%(text)s”.")
_ITEMS_SHOWN = 5


def refusal(error: Unreadable) -> str:
    """Why a file cannot be read, in one or two sentences."""
    params = error.params
    if error.code == "unknown_format":
        params = {"known": tuple(str(NAMES[name]) for name in params["known"])}
    said = _said(REFUSALS, error.code, params)
    about = error.params.get("fault")
    return in_a_row(said, wording.message(Fault(about, params=error.params["about"]))) if about else said


def reason(skipped: Skipped) -> str:
    """Why an item was left out: a reason of the formats, or what the checker says; with what a cell says."""
    known = REASONS if skipped.code in REASONS else DOUBTS
    if skipped.code in known:
        said = _said(known, skipped.code, _with_names(skipped.params))
    else:
        said = wording.on_a_page(Fault(skipped.code, params=skipped.params))
    text = offending(skipped)
    return said if not text or f"“{text}”" in said else in_a_row(said, str(_CELL_SAYS) % {"text": text})


def offending(skipped: Skipped) -> str:
    """What stands in the cell for which an item was left out; "" where it is none."""
    return excerpt.shortened(skipped.place.cell.text) if skipped.place.cell else ""


def note(told: Note) -> str:
    """What did not come along, without the items that it concerns, by the keys of the bank file."""
    return _said(NOTES, told.code, told.params)


def note_in_words(told: Note) -> str:
    """The same for people who never saw a bank file."""
    named = {"key": key_in_words(str(told.params["key"]))} if "key" in told.params else {}
    if told.code == "marking_changed":
        named = {name: str(_MARKINGS.get(rule, rule)) for name, rule in told.params.items()}
    return _said(NOTES, told.code, {**told.params, **named})


def key_in_words(key: str) -> str:
    """A key of the bank file in words; of a key within another, the inner one."""
    if key.startswith(OPTION):
        return _("option %(letter)s", letter=key[-1])
    return str(_KEYS.get(key) or COLUMN_NAMES.get(key.rpartition(".")[2]) or key)


def doubt(guessed: Doubt) -> str:
    """What was guessed, in one sentence."""
    return _said(DOUBTS, guessed.code, _with_names(guessed.params))


def _with_names(params: Mapping[str, Any]) -> dict[str, Any]:
    """What is told, with the name of a question type; another program's type is called as it is there."""
    named = {"type": lambda kind: wording.TYPES.get(kind, kind), "key": key_in_words}
    return {name: named[name](told) if told and name in named else told for name, told in params.items()}


def place(where: Place) -> str:
    """Where an item stands: `question 3`, `Sheet2, row 14`, or its name in the file."""
    said = where.name or str(_PLACES[where.kind]) % {"at": where.at}
    if where.cell:
        said = str(_IN_COLUMN) % {"row": said, "column": where.cell.column, "header": where.cell.header[:40]}
    return f"{where.within}, {said}" if where.within else said


def place_of(fault: Fault) -> str:
    """Where in a file of another format a fault is, if that came with it."""
    kept = fault.params.get(PLACE)
    if not kept:
        return ""
    cell = kept.get("cell")
    return place(Place(**{**kept, "cell": Cell(**cell) if cell else None}))


def concerned(told: Note) -> str:
    """The items of a note: `q1, q2, q3, q4, q5 … (12)`; "" when it concerns the whole."""
    shown = _(", ").join(map(place, told.places[:_ITEMS_SHOWN]))
    return shown if len(told.places) <= _ITEMS_SHOWN else f"{shown} … ({len(told.places)})"


def admission(admitted: Admitted) -> dict[str, Any]:
    """The one report of all formats, of a file that becomes a bank."""
    return {
        "read": admitted.read,
        "written": admitted.taken,
        **_told(admitted),
        "assets": len(admitted.assets),
    }


def report(converted: Converted) -> dict[str, Any]:
    """The same of a conversion into another file, as the command line and the API give it."""
    return {
        "read": converted.read,
        "written": converted.written,
        **_told(converted),
        "assets": converted.assets,
    }


def _told(made: Admitted | Converted) -> dict[str, Any]:
    return {
        "skipped": [_skipped(one) for one in made.skipped],
        "notes": [_note(one) for one in made.notes],
        "doubts": [_doubt(one) for one in made.doubts],
    }


def _skipped(one: Skipped) -> dict[str, Any]:
    said = {"item": place(one.place), "code": one.code, "reason": reason(one)}
    return said | {"text": offending(one)}


def _note(one: Note) -> dict[str, Any]:
    return {"code": one.code, "message": note(one), "items": [place(where) for where in one.places]}


def _doubt(one: Doubt) -> dict[str, Any]:
    return {
        "item": place(one.place),
        "question": one.question or None,
        "code": one.code,
        "message": doubt(one),
        "source": one.source,
    }


def _said(sentences: Mapping[str, Any], code: str, params: Mapping[str, Any]) -> str:
    sentence = sentences[code]
    return str((sentence if isinstance(sentence, Counted) else str(sentence)) % spoken(params))
