"""What the columns of a sheet are called, what each is for, and the sentences about rows and cells."""

from __future__ import annotations

from typing import Any

from studyhub.questions.formats.sheets import columns
from studyhub.questions.formats.sheets.columns import FEEDBACK, OPTION
from studyhub.questions.formats.sheets.template import HEADERS
from studyhub.web.i18n import lazy_gettext as _l

LETTERS_OFFERED = "ABCDEFGHIJ"

COLUMN_NAMES: dict[str, Any] = {
    "prompt": _l("the question"),
    "type": _l("type"),
    "answer": _l("answer"),
    "options": _l("all options in one cell"),
    "explanation": _l("explanation"),
    "points": _l("points"),
    "difficulty": _l("difficulty"),
    "tags": _l("tags"),
    "id": _l("identifier"),
    "tolerance": _l("tolerance"),
    "unit": _l("unit"),
    "marking": _l("marking rule"),
    "order": _l("order of the blanks"),
    "case": _l("upper and lower case"),
    "pairs": _l("pairs"),
    "distractors": _l("distractors"),
    "items": _l("items in the right order"),
    "passage": _l("the passage it is about"),
    "variables": _l("variables"),
    "rubric": _l("rubric"),
    "model_answer": _l("model answer"),
    "max_chars": _l("most characters"),
    "document": _l("source document"),
    "article": _l("article of the source"),
    "version": _l("version of the source"),
    "review_by": _l("day to look at it again"),
    "retired": _l("kept out of new papers"),
    "verbatim": _l("whether brackets in the question are text, not its answer"),
    "shuffle": _l("whether options are shuffled"),
}
"""What a column of a sheet can hold, beside the options and their feedback."""

COLUMNS: dict[str, Any] = {
    "type": _l("What kind of question it is. Left empty, the options and the answer tell."),
    "prompt": _l("The question. Blanks are lines of underscores, such as ____."),
    "option A": _l("The options, one in each column, as many as there are."),
    "answer": _l(
        "Letters such as B or ABD; true or false; a number; for blanks one line each, "
        "with | between texts that are all right."
    ),
    "explanation": _l("Why it is so; shown in the review."),
    "points": _l("A number; left empty, 1."),
    "difficulty": _l("easy, medium or hard; left empty, medium."),
    "tags": _l("Words to find and draw questions by, with ; between them."),
    "tolerance": _l("For a number: how far an answer may be off, such as 0.01, or a share of it."),
    "unit": _l("For a number: its unit."),
    "pairs": _l("For matching: one pair in each line, left → right."),
    "distractors": _l("For matching: what belongs to nothing, one in each line."),
    "items": _l("For ordering: the right order, one in each line."),
    "rubric": _l("For an essay: in each line what counts → its points."),
    "passage": _l(
        "For questions about one text: the identifier of the text’s own row above them, or the text itself."
    ),
    "variables": _l("Numbers that differ from paper to paper: a = 2..9; the texts name them as {{a}}."),
}
"""What each column of the template is for."""

REASONS: dict[str, Any] = {
    "cell_blanks": _l(
        "Texts in “%(column)s”: %(texts)s; blanks in the prompt: %(blanks)s. Write one line for each blank."
    ),
    "cell_date_value": _l("“%(column)s” holds a time of day. Format the cell as text and type it again."),
    "cell_digits_lost": _l(
        "“%(column)s” holds a number of more digits than Excel keeps. Format the cell as text."
    ),
    "cell_empty": _l("“%(column)s” is empty."),
    "cell_formula_unsaved": _l(
        "“%(column)s” holds a formula without its value: open the file in Excel or WPS and save it."
    ),
    "cell_error_value": _l("“%(column)s” holds an error of a formula."),
    "no_column": _l("No column is known that holds this: %(key)s."),
    "cell_no_number": _l("“%(column)s” needs a number; “%(value)s” is none."),
    "cell_no_option": _l("“%(column)s” says “%(value)s”; the options are %(keys)s."),
    "cell_no_pair": _l("“%(column)s” needs a pair in each line: left → right."),
    "cell_no_rubric": _l("“%(column)s” needs a point and its points in each line: what counts → 3."),
    "cell_no_verdict": _l("“%(column)s” says “%(value)s”; it is either 对 or 错, true or false."),
    "cell_one_letter": _l("“%(column)s” says “%(value)s”; a single choice has one right option."),
    "cell_variables": _l(
        "“%(column)s” says “%(value)s”. Write one variable in each line: a = 2..9, or b = 10 | 20."
    ),
    "cell_type": _l("“%(column)s” says “%(value)s”, which is no type of question."),
    "row_without_question": _l("The row has nothing under a column that is known."),
}

NOTES: dict[str, Any] = {
    "difficulty_counted": _l(
        "“%(column)s” counts from 1 to %(highest)s: 1 was taken for easy, the highest for hard."
    ),
    "column_ignored": _l("The column “%(column)s” is unknown and was left out."),
    "sheet_ignored": _l("The sheet “%(sheet)s” has no column for the question and was left out."),
}

DOUBTS: dict[str, Any] = {
    "answer_two_ways": _l("“%(value)s” may mean %(answers)s: by its letter or number, or by its text."),
    "cell_day_value": _l(
        "“%(column)s” holds the date “%(value)s”. Excel makes one of what is typed like 1-2."
    ),
    "number_for_verdict": _l("The number was taken for a verdict: 1 for right, 0 for wrong."),
    "letter_for_verdict": _l("The letter was taken for a verdict: A for right, B for wrong."),
}


def column_choices() -> list[tuple[str, Any]]:
    """Every column that a header can be said to mean, with its name."""
    letters = [
        name for name in columns.NAMES if name.startswith((OPTION, FEEDBACK)) and name[-1] in LETTERS_OFFERED
    ]
    spelt = {OPTION: _l("option %(letter)s"), FEEDBACK: _l("feedback of option %(letter)s")}
    of_letters = [(name, str(spelt[name[:-1]]) % {"letter": name[-1]}) for name in letters]
    return [*list(COLUMN_NAMES.items())[:3], *of_letters, *list(COLUMN_NAMES.items())[3:]]


def columns_explained(language: str) -> list[tuple[str, str]]:
    """Each column of the template in that language, and what it is for."""
    return [(HEADERS[language][name], str(text)) for name, text in COLUMNS.items()]
