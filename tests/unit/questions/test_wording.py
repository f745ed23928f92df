"""Every code has its sentence, and no sentence is left over."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import studyhub.questions
from studyhub.kernel.faults import Fault
from studyhub.kernel.shipped import shipped_folder
from studyhub.questions import bank_file, wording
from studyhub.questions.bank_file import Checked
from studyhub.questions.formats.exchange import Place, Skipped
from studyhub.questions.formats.wording import reason

from .bank_texts import GOOD, HEAD

SOURCES = [
    path.read_text("utf-8")
    for path in Path(studyhub.questions.__file__).parent.rglob("*.py")
    if path.name not in ("wording.py", "views.py", "api.py")
]
CODES = re.compile(r'(?:\b(?:error|warn|told|Fault|_unreadable)\(|_at\(\w+, \w+, |code = )\s*"([a-z_0-9]+)"')
QUOTED = re.compile(r'"([a-z][a-z_0-9]+)"')


def test_every_code_that_is_reported_has_a_sentence() -> None:
    reported = {code for source in SOURCES for code in CODES.findall(source)}
    assert len(reported) > 40
    assert reported - set(wording.FAULTS) == set()


def test_no_sentence_and_no_hint_is_left_over() -> None:
    words = {word for source in SOURCES for word in QUOTED.findall(source)}
    assert set(wording.FAULTS) - words == set()
    assert set(wording.HINTS) - words == set()


WHOLE = (
    HEAD
    + GOOD
    + """\
  - id: all
    type: passage
    prompt: 材料 {{a}}
    questions:
      - {id: p, type: blank, prompt: "填 [[1]]", answer: [[甲]], order: any}
      - {id: n, type: number, prompt: "求 {{a}}", answer: "{{a}}", variables: {a: {from: 1, to: 3}}}
"""
)


def said(checked: Checked) -> list[object]:
    return [(each["message"], each["hint"]) for each in wording.faults_json(checked)]


@pytest.mark.parametrize("gone", [":", " ", "\n", '"', "[", "]", "{", "}", "-", ",", "a", "e"])
def test_what_a_slip_of_the_pen_leaves_can_be_said(gone: str) -> None:
    """One sign left out, or typed twice, wherever it stands: each fault has what its sentence speaks of."""
    for at in (found.start() for found in re.finditer(re.escape(gone), WHOLE)):
        for slip in (WHOLE[:at] + WHOLE[at + 1 :], WHOLE[:at] + gone + WHOLE[at:]):
            said(bank_file.check(slip.encode()))


def test_a_line_left_out_of_a_bank_can_be_said() -> None:
    lines = (
        (shipped_folder("question_banks") / "digital-skills.yaml").read_text("utf-8").splitlines(True)[:60]
    )
    for at in range(len(lines)):
        said(bank_file.check("".join(lines[:at] + lines[at + 1 :]).encode()))
        word = lines[at].replace(":", "", 1)
        said(bank_file.check("".join([*lines[:at], word, *lines[at + 1 :]]).encode()))


def test_on_a_page_a_key_has_the_name_of_its_field() -> None:
    missing = Fault("missing_key", params={"key": "answer"})
    assert wording.message(missing) == "“answer” is missing."
    assert wording.on_a_page(missing) == "Nothing says which answer is right."
    assert wording.on_a_page(Fault("missing_key", params={"key": "title"})) == "“Title” is missing."
    unknown = Fault("missing_key", params={"key": "rubric"})
    assert wording.on_a_page(unknown) == wording.message(unknown)


def test_the_name_that_a_bank_keeps_is_the_identifier_on_every_page() -> None:
    reserved = Fault("reserved_slug", params={"key": "bank", "value": "import"})
    assert (
        wording.on_a_page(reserved) == "“import” is a page of this site: take another name for “Identifier”."
    )


def test_an_item_left_out_is_told_by_the_name_of_its_field() -> None:
    left_out = Skipped(Place("line", 19), "missing_key", {"key": "answer"})
    assert reason(left_out) == "Nothing says which answer is right."
