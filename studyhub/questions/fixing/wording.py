"""The words of the fix-it desk: what another reading is called, and what a rule does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from studyhub.questions import wording
from studyhub.questions.formats.deciding import Decision, Doubtful
from studyhub.questions.formats.wording import DOUBTS, REASONS, key_in_words
from studyhub.questions.states import Verdict
from studyhub.web.i18n import gettext as _
from studyhub.web.i18n import in_a_row
from studyhub.web.i18n import lazy_gettext as _l


class Case(NamedTuple):
    """What lies on the desk: the headings of the report and of the desk, and what happens to the rest."""

    title: Any
    rest: Any
    desk: Any
    every: Any


CHOICES: dict[str, Any] = {
    "alternatives": _l("Take each as a right answer"),
    "by_answer": _l("Take what stands behind “答案”"),
    "by_bracket": _l("Take what stands in the bracket"),
    "by_keyed": _l("Take what stands in the list of answers"),
    "by_marks": _l("Take what is in colour"),
    "by_marking": _l("Take what its marking gives the points for"),
    "by_tick": _l("Take what is ticked"),
    "false": _l("It is wrong (×)"),
    "multiple": _l("Make it multiple choice"),
    "one_text": _l("Take it as one answer"),
    "single": _l("Make it single choice"),
    "true": _l("It is right (√)"),
}

SHORT: dict[str, Any] = {
    "answer_unread": _l("an answer that names no option"),
    "answered_twice": _l("more than one answer"),
    "alternatives": _l("several answers in one blank"),
    "answer_two_ways": _l("an answer that is the text of one option and the letter or number of another"),
    "cell_blanks": _l("more or fewer answers than blanks"),
    "cell_day_value": _l("a date where a text belongs"),
    "cell_empty": _l("a cell that is empty and must not be"),
    "no_column": _l("a column that is missing"),
    "cell_no_number": _l("an answer that is no number"),
    "cell_no_option": _l("an answer that names no option"),
    "cell_no_verdict": _l("an answer that is neither right nor wrong"),
    "cell_one_letter": _l("single choice with several right options"),
    "cell_type": _l("a word that is no type of question"),
    "answer_in_blank": _l("an answer within the text"),
    "key_differs": _l("a marking that does not fit the declared answer"),
    "multiple_with_one": _l("multiple choice with one right option"),
    "no_answer": _l("no right answer found"),
    "number_jump": _l("a number that is left out"),
    "number_for_verdict": _l("a statement judged by 1 or 0"),
    "letter_for_verdict": _l("a statement judged by A or B"),
    "type_guessed": _l("a type that the file does not name"),
    "single_with_several": _l("single choice with several right options"),
    "verdict_letter": _l("a statement judged by A or B"),
}


_DOUBTFUL = Case(
    _l("Some questions are doubtful"),
    _l("What is left stays as it was read."),
    _l("Decide what is doubtful"),
    _l("All doubtful questions"),
)
_UNREAD = Case(
    _l("Some questions could not be read"),
    _l("What is left stays out."),
    _l("Put right what could not be read"),
    _l("All questions that could not be read"),
)
_BOTH = Case(
    _l("Some questions are doubtful or could not be read"),
    _l("What is left stays as it was read, or out."),
    _l("Decide what is doubtful or could not be read"),
    _l("All questions that are doubtful or could not be read"),
)


def case(items: Iterable[Doubtful]) -> Case:
    """Whether there are doubts, questions that could not be read, or both."""
    read = [one.is_read for one in items]
    return _DOUBTFUL if all(read) else _BOTH if any(read) else _UNREAD


def choice(name: str) -> str:
    """What a person chooses: one of the fixed readings, or an option."""
    if name in CHOICES:
        return str(CHOICES[name])
    kind, _sign, letter = name.rpartition("_")
    about = name.partition("_")[2]
    if kind == "type":
        return _("Take it as “%(type)s”", type=wording.TYPES[letter])
    if name.startswith("without_"):
        return _("Take it without “%(column)s”", column=key_in_words(about))
    return (
        _("Only %(letter)s is right", letter=letter)
        if kind == "single"
        else _("%(letter)s is right", letter=letter)
    )


def known_by(source: str, of_a_sheet: bool) -> str:
    """What people know an item by: its first line; a row without a question by what its other cells say."""
    lines = source.splitlines()
    first = lines[0] if lines else ""
    if not of_a_sheet or first.partition("：")[2].strip():
        return first
    return " · ".join(line for line in lines if line.partition("：")[2].strip()) or first


def verdict(decision: Decision) -> str:
    """What a decision does with the item."""
    if decision.verdict is Verdict.CHOOSE:
        return choice(decision.choice)
    return {
        Verdict.ACCEPT: _("Taken as it was read"),
        Verdict.EDIT: _("Typed anew"),
        Verdict.LEAVE: _("Left out"),
    }[decision.verdict]


def about(code: str) -> str:
    """The doubt that a rule is for, without what only one question has."""
    code, _sign, word = code.partition(" ")
    if code in SHORT:
        return in_a_row(str(SHORT[code]), _("“%(text)s”", text=word) if word else "")
    sentence = str(DOUBTS.get(code) or REASONS.get(code) or code)
    return sentence.replace("%(", "").replace(")s", "")
