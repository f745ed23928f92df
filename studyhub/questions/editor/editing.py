"""A question that is being edited: judged as its file would be, shown as it would be, and saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from studyhub.kernel.faults import Fault
from studyhub.questions import amending, bank_file
from studyhub.questions.amending import Amendment
from studyhub.questions.bank import Question
from studyhub.questions.bank_file import Checked
from studyhub.questions.editor.question_form import Values
from studyhub.questions.editor.question_tree import QuestionTree
from studyhub.questions.formats import bank_yaml
from studyhub.questions.importing import Doors, Prepared
from studyhub.questions.listing import BankRow
from studyhub.questions.plan import Origin
from studyhub.questions.rendering import render
from studyhub.questions.revisions import Revision
from studyhub.questions.states import ChangeKind

FOR_SHOW = 0
"""The id of a revision that is not stored."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed: the question when it has no error, and its faults by field ("" the whole of it).

    Of a text the faults have the lines of that text.
    """

    question: Question | None
    faults: Mapping[str, list[Fault]]


def read_form(bank: BankRow, values: Values) -> Draft:
    """Judge a filled-in form."""
    tree = QuestionTree(_head(bank), values)
    checked = bank_file.check_tree(tree.root)
    faults: dict[str, list[Fault]] = {}
    for fault in checked.faults:
        if fault.subject is not None or fault.is_error:
            faults.setdefault(tree.field_at(fault), []).append(fault)
    return Draft(_only(checked), faults)


def read_text(bank: BankRow, text: str) -> Draft:
    """Judge a question as the bank file writes it, an item of its list."""
    above = "".join(f"{key}: {_quoted(value)}\n" for key, value in _head(bank).items()) + "questions:\n"
    lines = text.replace("\r\n", "\n").strip("\n")
    checked = bank_file.check(f"{above}{lines}\n".encode())
    begins = above.count("\n")
    faults = [
        Fault(each.code, max(0, each.line - begins), each.column, each.params, each.hint, each.severity)
        for each in checked.faults
        if each.subject is not None or each.is_error
    ]
    if checked.bank and len(checked.bank.questions) > 1:
        faults.append(Fault("one_question"))
        return Draft(None, {"text": faults})
    return Draft(_only(checked), {"text": faults} if faults else {})


def named(draft: Draft, name: str, *, taken: bool, in_text: bool) -> Draft:
    """The draft of the question `name`, "" a new one. An id that is another's, or not the question's own, is
    a fault of the field in which it stands."""
    question = draft.question
    if question is None or question.id == name or not (name or taken):
        return draft
    params = {"id": name or question.id}
    fault = Fault("id_fixed", params=params) if name else Fault("id_taken", params=params)
    return Draft(None, {**draft.faults, "text" if in_text else "id": [fault]})


def text_of(written: Mapping[str, Any]) -> str:
    """The question as an item of the bank file's list."""
    return bank_yaml.dump_written({}, [written]).split("questions:\n", 1)[1].strip("\n") + "\n"


def begun(written: Mapping[str, Any]) -> str:
    """A new question as such an item, with its prompt to be written behind the colon."""
    said = {key: value for key, value in written.items() if value}
    return text_of({"id": "", **said, "prompt": ""}).replace(": ''\n", ": \n")


def shown(bank: str, question: Question, number: int = 0) -> Revision:
    """The question as if it were stored."""
    return Revision(FOR_SHOW, FOR_SHOW, bank, number, question, render(question))


def save(doors: Doors, slug: str, question: Question, seen: int) -> Prepared:
    """Make it the revision in force. Raises Conflict when somebody changed it since it was seen."""
    amendment = Amendment({question.id: question}, {question.id: seen})
    return amending.amend(doors, slug, amendment, Origin(ChangeKind.EDIT))


def _head(bank: BankRow) -> dict[str, str]:
    return {"bank": bank.slug, "title": bank.title, "language": bank.language, "level": bank.level.value}


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _only(checked: Checked) -> Question | None:
    return checked.bank.questions[0] if checked.bank and checked.bank.questions else None
